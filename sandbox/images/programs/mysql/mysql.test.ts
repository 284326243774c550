/** Rows that outlive their server. */

import { expect, test } from 'vitest';
import { type Lab, startLab } from '../../../kubelet/testing/lab.ts';
import { NotSupported, parse, SyntaxFault } from './sql.ts';

const server = {
  containers: [
    {
      name: 'c',
      image: 'mysql:8.4',
      env: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'secret' }],
      volumeMounts: [{ name: 'data', mountPath: '/var/lib/mysql' }],
    },
  ],
  volumes: [{ name: 'data', hostPath: { path: '/srv/mysql', type: 'DirectoryOrCreate' } }],
} as const;

function started(): { lab: Lab; sql: (text: string, password?: string) => ReturnType<Lab['exec']> } {
  const lab = startLab();
  lab.pod('db', server);
  lab.clock.settle();
  lab.advance(6_000);
  return { lab, sql: (text, password = 'secret') => lab.exec('db', 'c', ['mysql', `-p${password}`, '-e', text]) };
}

test('what is written is there when another server comes to the same volume', () => {
  const { lab, sql } = started();
  const made = sql(
    "CREATE DATABASE shop; USE shop; CREATE TABLE fruit (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL); INSERT INTO fruit (name) VALUES ('apple'), ('pear; ripe');",
  );
  expect(made).toMatchObject({ stdout: '', exitCode: 0 });
  lab.client.delete('pods', 'default', 'db');
  lab.clock.settle();
  lab.pod('db', server);
  lab.clock.settle();
  lab.advance(6_000);
  expect(sql('SELECT * FROM shop.fruit WHERE id > 1; SELECT COUNT(*) FROM shop.fruit').stdout).toBe(
    'id\tname\n2\tpear; ripe\nCOUNT(*)\n2\n',
  );
  expect(sql('SHOW DATABASES').stdout).toBe('Database\ninformation_schema\nmysql\nperformance_schema\nshop\nsys\n');
});

test('another pod comes in by the network, with its address and the password', () => {
  const { lab } = started();
  lab.pod('client', { containers: [{ name: 'c', image: 'mysql', args: ['sleep', '9999'] }] });
  lab.clock.settle();
  const { podIP } = lab.get('db').status!;
  const mysql = (...args: string[]) => lab.exec('client', 'c', ['mysql', ...args]);
  expect(mysql('-h', podIP!, '-psecret', '-N', '-e', 'SELECT USER()').stdout).toBe(
    `root@${lab.get('client').status!.podIP}\n`,
  );
  expect(mysql('-h', podIP!, '-pwrong').stderr).toContain(
    `ERROR 1045 (28000): Access denied for user 'root'@'${lab.get('client').status!.podIP}' (using password: YES)\n`,
  );
  expect(mysql('-hnobody', '-psecret').stderr).toContain(
    "ERROR 2005 (HY000): Unknown MySQL server host 'nobody' (-2)\n",
  );
  expect(mysql('-psecret').stderr).toContain(
    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)\n",
  );
});

test.each([
  [
    'SELEC 1',
    "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'SELEC 1' at line 1",
  ],
  ['SHOW TABLES', 'ERROR 1046 (3D000) at line 1: No database selected'],
  ['USE nowhere', "ERROR 1049 (42000) at line 1: Unknown database 'nowhere'"],
  ['CREATE DATABASE sys', "ERROR 1007 (HY000) at line 1: Can't create database 'sys'; database exists"],
  ['SELECT * FROM sys.nothing', "ERROR 1146 (42S02) at line 1: Table 'sys.nothing' doesn't exist"],
  ['ALTER TABLE t ADD c INT', "ERROR 1235 (42000) at line 1: This version of MySQL doesn't yet support 'ALTER'"],
  [
    'CREATE TABLE sys.t (a INT PRIMARY KEY);\nINSERT INTO sys.t VALUES (1);\nINSERT INTO sys.t VALUES (1)',
    "ERROR 1062 (23000) at line 3: Duplicate entry '1' for key 't.PRIMARY'",
  ],
  [
    'CREATE TABLE sys.t (a INT); INSERT INTO sys.t VALUES (1, 2)',
    "ERROR 1136 (21S01) at line 1: Column count doesn't match value count at row 1",
  ],
  [
    'CREATE TABLE sys.t (a INT); SELECT b FROM sys.t',
    "ERROR 1054 (42S22) at line 1: Unknown column 'b' in 'field list'",
  ],
])('%s', (text, message) => {
  const { sql } = started();
  expect(sql(text)).toMatchObject({ stderr: expect.stringContaining(`${message}\n`), exitCode: 1 });
});

test('statements are read as they are written', () => {
  expect(parse("update `a b`.t set x = 'it''s', y = -1.5 where z <> null and w >= 2")).toEqual({
    kind: 'update',
    table: { database: 'a b', name: 't' },
    set: [
      { column: 'x', value: "it's" },
      { column: 'y', value: -1.5 },
    ],
    where: [
      { column: 'z', operator: '<>', value: null },
      { column: 'w', operator: '>=', value: 2 },
    ],
  });
  expect(() => parse('insert into t values (1')).toThrow(SyntaxFault);
  expect(() => parse('select a from t group by a')).toThrow(NotSupported);
});

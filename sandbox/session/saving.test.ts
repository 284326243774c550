/** Files saved from the page's editor: one file with what vi, cat and pods see, the machine's own errors, replay and undo. */

import { expect, test } from 'vitest';
import { contentHash, type SaveResult } from '../channel/files.ts';
import { lastCommand, readLog, withoutLastCommand } from '../channel/log.ts';
import type { LogEntry, Place } from '../channel/messages.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import type { CommandResult } from '../lesson/observation.ts';
import { advance } from '../sim/driver.ts';
import { readFileText } from '../world/files.ts';
import { createWorld } from '../world/lab.ts';
import { Session } from './session.ts';

const lessons = lessonsFromDisk();
const start: Place = { lesson: 'the-lab', step: lessons[0]!.steps[0]!.id };

async function open() {
  const results = new Map<LogEntry, SaveResult>();
  const options = {
    seed: 1,
    start,
    language: 'en',
    lessons,
    createWorld: (seed: number) => createWorld({ seed }),
    listener: { saved: (entry: LogEntry, result: SaveResult) => void results.set(entry, result) },
  } as const;
  const session = await Session.open(options);
  const { clock } = session.world;
  return {
    session,
    options,
    wait: (ms: number) => advance(clock, clock.now + ms),
    /** What came of it within so many virtual milliseconds; undefined while it waits. */
    async save(host: string, path: string, data: string, base?: number, ms = 1_000) {
      const entry = session.input({ type: 'save', host, path, data, ...(base !== undefined && { base }) });
      await advance(clock, clock.now + ms);
      return { now: results.get(entry), later: () => results.get(entry) };
    },
    async run(host: string, command: string) {
      const ran = await session.result<CommandResult>(session.input({ type: 'run', host, command }), 600_000);
      return `${ran!.stdout}${ran!.stderr}`;
    },
    text(host: string, path: string) {
      const read = readFileText(session.world, host, path);
      return 'text' in read ? read.text : read.problem.message;
    },
  };
}

test('a save makes a file as cat > would, and keeps the inode of one that is there', async () => {
  const { save, run, session } = await open();
  expect((await save('master01', '/root/a.yaml', 'é: 1\n')).now).toEqual({ modified: expect.any(Number) });
  expect(
    await run('master01', 'cd /root; stat -c "%a %U %s" a.yaml; ln a.yaml b.yaml; exec 7< b.yaml; chmod 755 a.yaml'),
  ).toBe('644 root 6\n');
  await save('master01', '/root/a.yaml', 'two\n');
  expect(await run('master01', 'cat b.yaml; cat <&7; stat -c "%a %h" a.yaml')).toBe('two\ntwo\n755 2\n');
  expect(session.world.observation.authors('master01', '/root/b.yaml')).toEqual({
    creator: { host: 'master01' },
    writer: { host: 'master01' },
  });
});

test('what the machine refuses is told in its words, and the file stays', async () => {
  const { save, run } = await open();
  const refused = async (host: string, path: string, data = 'x') => {
    const { now } = await save(host, path, data);
    return now && 'problem' in now ? now.problem.message : now;
  };
  expect(await refused('master01', '/root/no/file')).toBe('No such file or directory');
  expect(await refused('master01', '/etc')).toBe('Is a directory');
  expect(await refused('master01', '/etc/hosts/x')).toBe('Not a directory');
  await run(
    'nfs',
    "mkdir -m 755 /mnt/ro /mnt/sq; echo was > /mnt/ro/f; printf '/mnt/ro *(ro)\\n/mnt/sq *(rw)\\n' > /etc/exports; exportfs -ra",
  );
  await run(
    'node01',
    'apt-get install -y nfs-common > /dev/null 2>&1; mkdir /ro /sq /full; mount nfs:/mnt/ro /ro; mount nfs:/mnt/sq /sq; mount -t tmpfs -o size=8k none /full',
  );
  expect(await refused('node01', '/ro/f')).toBe('Read-only file system');
  expect(await refused('node01', '/sq/f')).toBe('Permission denied');
  expect(await refused('node01', '/full/f', 'x'.repeat(20_000))).toBe('No space left on device');
  expect(await run('node01', 'cat /ro/f')).toBe('was\n');
  await run('nfs', 'exportfs -u *:/mnt/ro');
  expect(await refused('node01', '/ro/f')).toBe('Stale file handle');
});

test('a machine that is off says so, also when it goes off under a save', async () => {
  const { save, run, session, wait } = await open();
  await run('nfs', "mkdir /mnt/a; echo '/mnt/a *(rw,no_root_squash)' > /etc/exports; exportfs -ra");
  await run('node01', 'apt-get install -y nfs-common > /dev/null 2>&1; mkdir /a; mount nfs:/mnt/a /a');
  session.input({ type: 'power', host: 'nfs', on: false });
  await wait(100);
  expect((await save('nfs', '/root/x', 'x')).now).toEqual({
    problem: { kind: 'off', message: 'ssh: connect to host nfs port 22: No route to host' },
  });
  const waiting = await save('node01', '/a/f', 'waited\n', undefined, 30_000);
  expect(waiting.now).toBeUndefined();
  expect(await run('node01', 'ps -eo stat,args | grep [s]ftp')).toMatch(/^D.*sftp-server/);
  session.input({ type: 'power', host: 'node01', on: false });
  await wait(1_000);
  expect(waiting.later()).toMatchObject({ problem: { kind: 'off' } });
});

test('a save onto a hard mount waits for its server, and is there when that is', async () => {
  const { save, run, session, wait, text } = await open();
  await run('nfs', "mkdir /mnt/a; echo '/mnt/a *(rw,no_root_squash)' > /etc/exports; exportfs -ra");
  await run('node01', 'apt-get install -y nfs-common > /dev/null 2>&1; mkdir /a; mount nfs:/mnt/a /a');
  session.input({ type: 'power', host: 'nfs', on: false });
  await wait(100);
  const waiting = await save('node01', '/a/f', 'waited\n', undefined, 20_000);
  expect(waiting.now).toBeUndefined();
  session.input({ type: 'power', host: 'nfs', on: true });
  await wait(180_000);
  expect(waiting.later()).toHaveProperty('modified');
  expect(text('nfs', '/mnt/a/f')).toBe('waited\n');
});

test('what somebody else wrote meanwhile is not overwritten unless that is asked for', async () => {
  const { save, run, text } = await open();
  const none = contentHash(undefined);
  await save('master01', '/root/f', 'one\n', none);
  expect((await save('master01', '/root/f', 'another\n', none)).now).toEqual({ changed: true });
  await run('master01', 'touch /root/f');
  expect((await save('master01', '/root/f', 'two\n', contentHash('one\n'))).now).toHaveProperty('modified');
  await run('master01', 'echo theirs >> /root/f');
  expect((await save('master01', '/root/f', 'mine\n', contentHash('two\n'))).now).toEqual({ changed: true });
  expect(text('master01', '/root/f')).toBe('two\ntheirs\n');
  await save('master01', '/root/f', 'mine\n');
  expect(text('master01', '/root/f')).toBe('mine\n');
});

test('vi and a save see one file', async () => {
  const { save, session, wait, text } = await open();
  const type = async (data: string) => {
    session.input({ type: 'keys', host: 'master01', data });
    await wait(300);
  };
  await save('master01', '/root/f', 'saved\n');
  await type('vi /root/f\r');
  await type('oby vi\x1b:w\r');
  expect(readFileText(session.world, 'master01', '/root/f')).toMatchObject({ inVi: true });
  expect(text('master01', '/root/f')).toBe('saved\nby vi\n');
  expect((await save('master01', '/root/f', 'mine\n', contentHash('saved\n'))).now).toEqual({ changed: true });
  await save('master01', '/root/f', 'mine\n', contentHash('saved\nby vi\n'));
  await type(':e!\r');
  await type('ofrom vi\x1b:wq\r');
  expect(readFileText(session.world, 'master01', '/root/f')).toMatchObject({ text: 'mine\nfrom vi\n', inVi: false });
});

test('a pod reads on NFS what was saved on the server', async () => {
  const { save, run, wait } = await open();
  await run('nfs', "mkdir /mnt/web; echo '/mnt/web *(rw,no_root_squash)' > /etc/exports; exportfs -ra");
  await run('node01', 'apt-get install -y nfs-common');
  await save(
    'master01',
    '/root/pod.yaml',
    `apiVersion: v1
kind: Pod
metadata: {name: reader}
spec:
  nodeName: node01
  containers: [{name: one, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, nfs: {server: nfs, path: /mnt/web}}]
`,
  );
  await run('master01', 'kubectl apply -f /root/pod.yaml');
  await wait(20_000);
  await save('nfs', '/mnt/web/index.html', 'hello\n');
  expect(await run('master01', 'kubectl exec reader -- cat /data/index.html')).toBe('hello\n');
});

test('a session with saves replays to the same state, and undo takes a save back and names it', async () => {
  const { save, run, session, options, text } = await open();
  await save('master01', '/root/f', 'one\n', contentHash(undefined));
  await run('master01', 'cat /root/f');
  await save('master01', '/root/f', 'two\n', contentHash('one\n'));
  session.close();
  const log = readLog(JSON.parse(JSON.stringify(session.log())));
  const again = await Session.restore(options, log);
  expect(again.diverged).toBeUndefined();
  expect(again.hash()).toBe(session.hash());
  expect(readFileText(again.world, 'master01', '/root/f')).toEqual(readFileText(session.world, 'master01', '/root/f'));
  expect(text('master01', '/root/f')).toBe('two\n');
  again.close();

  expect(lastCommand(log.entries)).toEqual({ host: 'master01', command: '/root/f', saved: true });
  const undone = await Session.restore(options, withoutLastCommand(log));
  expect(readFileText(undone.world, 'master01', '/root/f')).toMatchObject({ text: 'one\n' });
  undone.close();
});

test('a save that is none is no entry of a log', () => {
  const log = (change: object) => ({
    version: 1,
    seed: 1,
    start,
    entries: [{ at: Date.UTC(2026, 10, 22), type: 'save', host: 'master01', path: '/f', data: '', ...change }],
    until: 0,
  });
  expect(readLog(log({ base: 3 })).entries).toHaveLength(1);
  for (const change of [{ path: 'f' }, { data: 7 }, { base: 0.5 }, { host: undefined }])
    expect(() => readLog(log(change))).toThrow('entry 1 of 1 is damaged');
});

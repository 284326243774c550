/** id(1), whoami(1), groups(1), logname(1), who(1), w(1), users(1), getent(1). */

import type { Task } from '../../../sim/task.ts';
import type { Process } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { machineOf } from '../kernel-access.ts';
import { hostsFile, resolveHost } from '../network/resolve.ts';
import { formatTable } from '../table.ts';
import { accounts, type Group, groups, userName } from './accounts.ts';

interface Identity {
  readonly uid: number;
  readonly user: string | undefined;
  readonly gid: number;
  readonly groups: readonly { readonly gid: number; readonly name: string | undefined }[];
}

function* identity(process: Process, name: string | undefined): Task<Identity | undefined> {
  const users = yield* accounts(process);
  const all = yield* groups(process);
  const account =
    name === undefined
      ? users.find((one) => one.uid === process.uid)
      : users.find((one) => one.name === name || String(one.uid) === name);
  if (!account && name !== undefined) return undefined;
  const gid = name === undefined ? process.gid : account!.gid;
  const supplementary = all
    .filter((one: Group) => account && one.members.includes(account.name) && one.gid !== gid)
    .map((one) => one.gid);
  return {
    uid: account?.uid ?? process.uid,
    user: account?.name,
    gid,
    groups: [gid, ...supplementary].map((one) => ({ gid: one, name: all.find((group) => group.gid === one)?.name })),
  };
}

export const id = tool(
  'id',
  {
    short: 'agGnruzZ',
    long: { group: 'g', groups: 'G', name: 'n', real: 'r', user: 'u', zero: 'z' },
    usage: 'id [OPTION]... [USER]...',
  },
  function* (self) {
    if (self.has('n', 'r') && !self.has('u', 'g', 'G')) {
      yield* self.complain('cannot print only names or real IDs in default format');
      return;
    }
    for (const name of self.operands.length > 0 ? self.operands : [undefined]) {
      const who = yield* identity(self.process, name);
      if (!who) yield* self.complain(`${self.quote(name!)}: no such user`);
      else yield* self.print(`${identityText(self, who)}\n`);
    }
  },
);

function identityText(self: Tool, who: Identity): string {
  const name = (number: number, text: string | undefined) =>
    self.has('n') ? (text ?? String(number)) : String(number);
  if (self.has('u')) return name(who.uid, who.user);
  if (self.has('g')) return name(who.gid, who.groups[0]!.name);
  if (self.has('G')) return who.groups.map((group) => name(group.gid, group.name)).join(' ');
  const labelled = (number: number, text: string | undefined) =>
    text === undefined ? String(number) : `${number}(${text})`;
  const list = who.groups.map((group) => labelled(group.gid, group.name)).join(',');
  return `uid=${labelled(who.uid, who.user)} gid=${labelled(who.gid, who.groups[0]!.name)} groups=${list}`;
}

export const whoami = tool('whoami', { short: '', usage: 'whoami [OPTION]...' }, function* (self) {
  const [extra] = self.operands;
  if (extra !== undefined) return yield* self.usage(`extra operand ${self.quote(extra)}`);
  const { uid } = self.process;
  const account = (yield* accounts(self.process)).find((one) => one.uid === uid);
  if (!account) {
    yield* self.complain(`cannot find name for user ID ${uid}`);
    return self.status;
  }
  yield* self.print(`${account.name}\n`);
  return 0;
});

export const groupsProgram = tool('groups', { short: '', usage: 'groups [OPTION]... [USERNAME]...' }, function* (self) {
  for (const name of self.operands.length > 0 ? self.operands : [undefined]) {
    const who = yield* identity(self.process, name);
    if (!who) {
      yield* self.complain(`${self.quote(name!)}: no such user`);
      continue;
    }
    const list = who.groups.map((group) => group.name ?? String(group.gid)).join(' ');
    yield* self.print(name === undefined ? `${list}\n` : `${name} : ${list}\n`);
  }
});

interface Session {
  readonly user: string;
  readonly line: string;
  readonly since: number;
  readonly command: string;
}

/** Sessions with a terminal, by their leaders. */
function* sessions(process: Process): Task<Session[]> {
  const found: Session[] = [];
  const { kernel } = machineOf(process);
  for (const terminal of kernel.terminals.values()) {
    const leader = kernel.sessionOf(terminal);
    if (!leader || leader.pids !== kernel.pids) continue;
    const front = leader.pids.group(terminal.foreground)[0] ?? leader;
    found.push({
      user: yield* userName(process, leader.uid),
      line: terminal.name,
      since: leader.startedAt,
      command: front.argv.join(' '),
    });
  }
  return found;
}

const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

export const who = tool(
  'who',
  { short: 'abdHlmqrstTu', usage: 'who [OPTION]... [ FILE | ARG1 ARG2 ]' },
  function* (self) {
    for (const one of yield* sessions(self.process))
      yield* self.print(`${one.user.padEnd(8)} ${one.line.padEnd(12)} ${stamp(one.since)}\n`);
  },
);

export const w = tool('w', { short: 'hsfi', usage: 'w [options] [user]' }, function* (self) {
  const rows = (yield* sessions(self.process)).map((one) => [
    one.user,
    one.line,
    '-',
    stamp(one.since).slice(11),
    '0.00s',
    '0.01s',
    '0.00s',
    one.command,
  ]);
  const head = ['USER', 'TTY', 'FROM', 'LOGIN@', 'IDLE', 'JCPU', 'PCPU', 'WHAT'];
  yield* self.print(formatTable([head, ...rows], { align: Array(8).fill('left'), least: [8, 8, 16, 7, 6, 6, 5] }));
});

/** getent(1) of the databases the lab has. */
export const getent = tool('getent', { short: 's:', usage: 'getent [OPTION...] database [key ...]' }, function* (self) {
  const { process } = self;
  const [database, ...keys] = self.operands;
  if (database === 'hosts' || database === 'ahosts') {
    if (keys.length === 0)
      for (const { address, names } of yield* hostsFile(process))
        yield* self.print(`${address.padEnd(15)} ${names.join(' ')}\n`);
    for (const key of keys) {
      const entry = (yield* hostsFile(process)).find((one) => one.address === key || one.names.includes(key));
      const address = entry?.address ?? (yield* resolveHost(process, key));
      if (!address) return 2;
      yield* self.print(`${address.padEnd(15)} ${entry?.names.join(' ') ?? key}\n`);
    }
    return 0;
  }
  if (database !== 'passwd' && database !== 'group') {
    yield* process.error(
      database === undefined ? 'getent: wrong number of arguments\n' : `Unknown database: ${database}\n`,
    );
    return 1;
  }
  const lines = (yield* process.readText(`/etc/${database}`)).split('\n').filter(Boolean);
  if (keys.length === 0) yield* self.print(lines.map((line) => `${line}\n`).join(''));
  for (const key of keys) {
    const found = lines.find((line) => line.split(':')[0] === key || line.split(':')[2] === key);
    if (!found) return 2;
    yield* self.print(`${found}\n`);
  }
  return 0;
});

/** env, printenv, nohup, and what starts a command otherwise: stdbuf, ionice, setsid. */

import { isErrno } from '../../errno.ts';
import type { Program } from '../../process.ts';
import { quoted } from '../quote.ts';
import { becomeCommand } from '../run.ts';
import { tool } from '../tool.ts';

export const env = tool(
  'env',
  {
    short: '+0C:iS:u:v',
    long: { 'ignore-environment': 'i', null: '0', unset: 'u:', chdir: 'C:', 'split-string': 'S:' },
    usage: 'env [OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]',
    usageStatus: 125,
  },
  function* (tool) {
    const environment = tool.has('i') ? new Map<string, string>() : new Map(tool.process.env);
    for (const name of tool.options.all('u')) environment.delete(name);
    const args = [...(tool.get('S')?.trim().split(/\s+/) ?? []), ...tool.operands];
    if (args[0] === '-') {
      environment.clear();
      args.shift();
    }
    while (args[0]?.includes('=')) {
      const arg = args.shift()!;
      environment.set(arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1));
    }
    if (args.length === 0) {
      for (const [name, value] of environment) yield* tool.print(`${name}=${value}${tool.has('0') ? '\0' : '\n'}`);
      return 0;
    }
    const cwd = tool.get('C');
    try {
      if (cwd !== undefined) yield* tool.process.chdir(cwd);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`cannot change directory to ${quoted(cwd!)}: ${error.message}`);
      return 125;
    }
    yield* tool.out.flush();
    return yield* becomeCommand(tool.process, args, 'env: ', { env: environment });
  },
);

export const printenv = tool(
  'printenv',
  { short: '+0', long: { null: '0' }, usage: 'printenv [OPTION]... [VARIABLE]...' },
  function* (tool) {
    const end = tool.has('0') ? '\0' : '\n';
    if (tool.operands.length === 0)
      for (const [name, value] of tool.process.env) yield* tool.print(`${name}=${value}${end}`);
    for (const name of tool.operands) {
      const value = tool.process.env.get(name);
      if (value === undefined) tool.status = 1;
      else yield* tool.print(value + end);
    }
    return tool.status;
  },
);

export const nohup = tool('nohup', { short: '+', usage: 'nohup COMMAND [ARG]...', usageStatus: 125 }, function* (tool) {
  const { process } = tool;
  if (tool.operands.length === 0) return yield* tool.usage('missing operand', 125);
  process.trap('SIGHUP', 'ignore');
  const files = new Map(process.files);
  if (process.stdout.tty) {
    yield* process.error("nohup: ignoring input and appending output to 'nohup.out'\n");
    const file = yield* process.open('nohup.out', { write: true, create: true, append: true }, 0o600);
    files.set(1, file);
    if (process.stderr.tty) files.set(2, file);
    files.set(0, yield* process.open('/dev/null', { read: true }));
  }
  return yield* becomeCommand(process, tool.operands, 'nohup: failed to run command ', { files });
});

const wrapper = (name: string, short: string, plain: string): Program =>
  tool(
    name,
    {
      short,
      long: { input: 'i:', output: 'o:', error: 'e:' },
      usage: `${name} [OPTION]... COMMAND [ARG]...`,
      usageStatus: 125,
    },
    function* (tool) {
      if (tool.operands.length === 0) {
        if (plain !== '') yield* tool.print(plain);
        return plain === '' ? yield* tool.usage('missing operand', 125) : 0;
      }
      return yield* becomeCommand(tool.process, tool.operands, `${name}: `);
    },
  );

export const stdbuf = wrapper('stdbuf', '+i:o:e:', '');
export const ionice = wrapper('ionice', '+c:n:p:t', 'none: prio 0\n');
export const setsid = wrapper('setsid', '+cfw', '');

/** basename, dirname, realpath, readlink, pwd, which. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Program } from '../../process.ts';
import { type Tool, tool } from '../tool.ts';

const strip = (path: string): string => path.replace(/(?<=.)\/+$/, '');

export const basename = tool(
  'basename',
  {
    short: '+as:z',
    long: { multiple: 'a', suffix: 's:', zero: 'z' },
    usage: 'basename NAME [SUFFIX]\n  or:  basename OPTION... NAME...',
  },
  function* (tool) {
    const { operands } = tool;
    if (operands.length === 0) return yield* tool.usage('missing operand');
    const many = tool.has('a', 's');
    if (!many && operands.length > 2) return yield* tool.usage(`extra operand ${tool.quote(operands[2]!)}`);
    const suffix = tool.get('s') ?? (many ? '' : (operands[1] ?? ''));
    for (const operand of many ? operands : operands.slice(0, 1)) {
      const name = /^\/+$/.test(operand) ? '/' : strip(operand).split('/').at(-1)!;
      const cut = suffix !== '' && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name;
      yield* tool.print(cut + (tool.has('z') ? '\0' : '\n'));
    }
    return 0;
  },
);

export const directoryName = (path: string): string => {
  const stripped = strip(path);
  const at = stripped.lastIndexOf('/');
  return at < 0 ? '.' : strip(stripped.slice(0, at)) || '/';
};

export const dirname = tool(
  'dirname',
  { short: 'z', long: { zero: 'z' }, usage: 'dirname [OPTION] NAME...' },
  function* (tool) {
    if (tool.operands.length === 0) return yield* tool.usage('missing operand');
    for (const operand of tool.operands) yield* tool.print(directoryName(operand) + (tool.has('z') ? '\0' : '\n'));
    return 0;
  },
);

/** The path with links resolved; what does not exist may stand at the end (or anywhere, if `anywhere`). */
function* canonical(tool: Tool, path: string, anywhere: boolean): Task<string | undefined> {
  const { process } = tool;
  const absolute = path.startsWith('/') ? path : `${process.cwd}/${path}`;
  const parts = absolute.split('/').filter((p) => p !== '' && p !== '.');
  for (let known = parts.length; known >= 0; known--) {
    try {
      const real = yield* process.realpath(`/${parts.slice(0, known).join('/')}`);
      const rest = parts.slice(known);
      if (rest.length > 1 && !anywhere) return undefined;
      return `${real === '/' && rest.length > 0 ? '' : real}${rest.map((p) => `/${p}`).join('')}`;
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
  return undefined;
}

export const realpath = tool(
  'realpath',
  {
    short: 'emLPqsz',
    long: {
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      logical: 'L',
      physical: 'P',
      quiet: 'q',
      strip: 's',
      'no-symlinks': 's',
      zero: 'z',
      'relative-to': 'relative:',
    },
    usage: 'realpath [OPTION]... FILE...',
  },
  function* (tool) {
    if (tool.operands.length === 0) return yield* tool.usage('missing operand');
    for (const operand of tool.operands) {
      const path = yield* canonical(tool, operand, tool.has('m'));
      const exists = path !== undefined && (!tool.has('e') || (yield* isThere(tool, operand)));
      if (!exists) {
        if (!tool.has('q')) yield* tool.complain(`${operand}: No such file or directory`);
        tool.status = 1;
        continue;
      }
      const base = tool.get('relative');
      yield* tool.print(
        `${base === undefined ? path : relative((yield* canonical(tool, base, true)) ?? base, path)}${tool.has('z') ? '\0' : '\n'}`,
      );
    }
    return tool.status;
  },
);

const relative = (from: string, to: string): string => {
  const [a, b] = [from.split('/').filter(Boolean), to.split('/').filter(Boolean)];
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/') || '.';
};

function* isThere(tool: Tool, path: string): Task<boolean> {
  try {
    yield* tool.process.stat(path);
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

export const readlink = tool(
  'readlink',
  {
    short: 'efmnqsvz',
    long: {
      canonicalize: 'f',
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      'no-newline': 'n',
      zero: 'z',
    },
    usage: 'readlink [OPTION]... FILE...',
  },
  function* (tool) {
    if (tool.operands.length === 0) return yield* tool.usage('missing operand');
    const end = tool.has('n') && tool.operands.length === 1 ? '' : tool.has('z') ? '\0' : '\n';
    for (const operand of tool.operands) {
      let path: string | undefined;
      if (tool.has('e', 'f', 'm')) {
        path = yield* canonical(tool, operand, tool.has('m'));
        if (tool.has('e') && !(yield* isThere(tool, operand))) path = undefined;
      } else {
        try {
          path = yield* tool.process.readlink(operand);
        } catch (error) {
          if (!isErrno(error)) throw error;
        }
      }
      if (path === undefined) tool.status = 1;
      else yield* tool.print(path + end);
    }
    return tool.status;
  },
);

export const pwd: Program = function* (process) {
  yield* process.print(`${process.cwd}\n`);
  return 0;
};

/** Debian's which(1): silent where nothing is found. */
export const which = tool('which', { short: 'as', usage: 'which [-as] args' }, function* (tool) {
  const { process } = tool;
  if (tool.operands.length === 0) return 1;
  for (const name of tool.operands) {
    let found = false;
    const candidates = name.includes('/')
      ? [name]
      : (process.env.get('PATH') ?? '').split(':').map((d) => `${d || '.'}/${name}`);
    for (const path of candidates) {
      try {
        if ((yield* process.stat(path)).type !== 'file') continue;
        yield* process.access(path, { execute: true });
      } catch (error) {
        if (!isErrno(error)) throw error;
        continue;
      }
      found = true;
      if (!tool.has('s')) yield* tool.print(`${path}\n`);
      if (!tool.has('a')) break;
    }
    if (!found) tool.status = 1;
  }
  return tool.status;
});

/** locale(1) of glibc 2.36 without operands: what the environment says of each category. */

import { tool } from '../tool.ts';

const CATEGORIES = [
  'CTYPE',
  'NUMERIC',
  'TIME',
  'COLLATE',
  'MONETARY',
  'MESSAGES',
  'PAPER',
  'NAME',
  'ADDRESS',
  'TELEPHONE',
  'MEASUREMENT',
  'IDENTIFICATION',
];

export const locale = tool(
  'locale',
  {
    short: 'a',
    long: { 'all-locales': 'a' },
    usage: 'locale [-a|-m]',
    version: 'locale (Debian GLIBC 2.36-9+deb12u10) 2.36',
  },
  function* (tool) {
    const { env } = tool.process;
    if (tool.has('a')) {
      yield* tool.print('C\nC.utf8\nPOSIX\n');
      return 0;
    }
    const all = env.get('LC_ALL') ?? '';
    const language = env.get('LANG') ?? '';
    const lines = [`LANG=${language}`, `LANGUAGE=${env.get('LANGUAGE') ?? ''}`];
    for (const category of CATEGORIES) {
      const own = env.get(`LC_${category}`) ?? '';
      // In quotation marks: what follows from another variable.
      lines.push(`LC_${category}=${all === '' && own !== '' ? own : `"${all || language || 'POSIX'}"`}`);
    }
    yield* tool.print(`${[...lines, `LC_ALL=${all}`].join('\n')}\n`);
    return 0;
  },
);

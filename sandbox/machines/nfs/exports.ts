/** /etc/exports: its grammar, and the complaints exportfs(8) prints about it (nfs-utils support/nfs/exports.c). */

import {
  choosesSubtreeCheck,
  DEFAULTS,
  type ExportOptions,
  OptionError,
  parseOptions,
  storedOptions,
} from './options.ts';

/** One client of one exported directory. */
export interface Export {
  readonly path: string;
  /** `*`, `192.168.120.0/24`, `node01`, `*.example.com`, `@group`; `*` where the file names none. */
  readonly client: string;
  readonly options: ExportOptions;
}

export interface ParsedExports {
  readonly exports: readonly Export[];
  /** Lines for stderr, without `exportfs: `; blank lines included. */
  readonly complaints: readonly string[];
  readonly failed: boolean;
}

export function parseExports(text: string, file: string): ParsedExports {
  const exports: Export[] = [];
  const complaints: string[] = [];
  let failed = false;
  for (const { line, words } of logicalLines(text)) {
    const [path, ...clients] = words;
    if (path === undefined) continue;
    try {
      const found = parseLine(path, clients, file, line, complaints);
      exports.push(...found);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      complaints.push(`${file}:${line}: ${error.message}`);
      failed = true;
    }
  }
  return { exports, complaints, failed };
}

function parseLine(
  path: string,
  clients: readonly string[],
  file: string,
  line: number,
  complaints: string[],
): Export[] {
  let base: ExportOptions = DEFAULTS;
  let baseText = '';
  const found: Export[] = [];
  for (const word of clients) {
    if (word.startsWith('-')) {
      base = parseOptions(word.slice(1));
      baseText = word.slice(1);
    } else found.push(parseClient(path, word, base, baseText, file, line, complaints));
  }
  if (found.length === 0) found.push(parseClient(path, '', base, baseText, file, line, complaints));
  return found;
}

function parseClient(
  path: string,
  word: string,
  base: ExportOptions,
  baseText: string,
  file: string,
  line: number,
  complaints: string[],
): Export {
  const open = word.indexOf('(');
  const host = open < 0 ? word : word.slice(0, open);
  const list = open < 0 ? '' : word.slice(open + 1, -1);
  if (open >= 0 && !word.endsWith(')')) throw new OptionError('syntax error: bad option list');
  if (open < 0 && baseText === '')
    complaints.push(`No options for ${path} ${host}: suggest ${host}(sync) to avoid warning`);
  const options = parseOptions(list, base);
  if (!choosesSubtreeCheck(list) && !choosesSubtreeCheck(baseText)) {
    complaints.push(
      `${file} [${line}]: Neither 'subtree_check' or 'no_subtree_check' specified for export "${host}:${path}".`,
      "  Assuming default behaviour ('no_subtree_check').",
      '  NOTE: this default has changed since nfs-utils version 1.0.x',
      '',
    );
  }
  if (host === '') {
    const shown = list || storedOptions(options);
    complaints.push(`No host name given with ${path} (${shown}), suggest *(${shown}) to avoid warning`);
  }
  return { path, client: host === '' ? '*' : host, options };
}

/** Comments go, lines that end in a backslash are joined, quotes keep blanks in a path. */
function* logicalLines(text: string): Generator<{ line: number; words: string[] }> {
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    let content = lines[i]!;
    while (content.endsWith('\\') && i + 1 < lines.length) content = `${content.slice(0, -1)} ${lines[++i]!}`;
    const words = [...content.replace(/(^|\s)#.*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
      (match) => match[1] ?? match[2]!,
    );
    if (words.length > 0) yield { line, words };
  }
}

/** Order of listings: single hosts, subnets, wildcards, netgroups, everybody (support/export/client.c). */
export function clientRank(client: string): number {
  if (client === '*') return 4;
  if (client.startsWith('@')) return 3;
  if (/[*?[]/.test(client)) return 2;
  if (client.includes('/')) return 1;
  return 0;
}

export const byClient = (a: Export, b: Export): number => clientRank(a.client) - clientRank(b.client);

/** The five kinds of input a learner, an author or a stranger can give the lab, at random; and how each is given. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type RecordedCommand, TRANSCRIPTS, transcript } from '../conformance/transcript.ts';
import { changedObjects, exportLines, kubectlCalls } from './cluster-inputs.ts';
import type { FuzzedLab } from './fuzzed-lab.ts';
import { mutated, quote, text } from './hostile.ts';
import { SETUP, shellInput } from './shell-inputs.ts';
import { terminalInput } from './terminal-inputs.ts';

export interface Kind {
  /** Its share of a run. */
  readonly weight: number;
  readonly input: fc.Arbitrary<string>;
  /** Gives the input to the lab; all that was shown. */
  give(lab: FuzzedLab, input: string): Promise<string>;
}

// Shell lines

const lessonCommands = [
  ...new Set(
    lessonFiles('lesson.yaml').flatMap((file) =>
      [...file.matchAll(/run: "?([^"\n}]+)/g)].map(([, run]) => run!.trim()),
    ),
  ),
];

/** Virtual milliseconds: a program that never ends computes as long for it, and must not take the host longer than it is patient. */
const SHELL_LIMIT = 3_000;

const shell: Kind = {
  weight: 8,
  input: shellInput(lessonCommands),
  async give(lab, input) {
    const { stdout, stderr } = await lab.run('node01', SETUP + input, SHELL_LIMIT);
    return stdout + stderr;
  },
};

// Manifests

const recorded: RecordedCommand[] = TRANSCRIPTS.flatMap((name) => transcript(name));
const manifests = [
  ...new Set([
    ...recorded.flatMap(({ files, stdin }) => [...Object.values(files ?? {}), stdin ?? '']),
    ...lessonFiles('.yaml').filter((file) => file.startsWith('apiVersion') || file.startsWith('kind')),
  ]),
].filter((file) => file.length > 20 && file.length < 4_000);
const yamlPieces = fc.oneof(
  fc.constantFrom(
    '\n',
    '\n  ',
    '\n    ',
    '- ',
    ': ',
    '? ',
    '&a ',
    '*a',
    '!!binary ',
    '!!int ',
    '<<: *a\n',
    '|\n',
    '>-\n',
    '%YAML 9.9\n',
    '---\n',
    '...\n',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '\t',
    'null',
    '~',
    '.inf',
    '.nan',
    '0x1g',
    '2026-13-45',
    '"\\ud800"',
    '"\\x"',
    'spec: {}',
    'metadata: null',
    'kind: List',
    'items: [[[]]]',
    'namespace: nosuch',
    'generateName: x-',
    'finalizers: [a/b]',
    'replicas: 2147483647',
    'replicas: -1',
    'ownerReferences: [{}]',
    'storage: 1e99Gi',
  ),
  text,
);

const manifest: Kind = {
  weight: 4,
  input: fc.oneof(
    { weight: 5, arbitrary: changedObjects(manifests) },
    { weight: 5, arbitrary: mutated(manifests, yamlPieces, /(\n|[:,{}[\]"']| +)/) },
    { weight: 1, arbitrary: fc.array(yamlPieces, { maxLength: 15 }).map((parts) => parts.join('')) },
  ),
  async give(lab, input) {
    await lab.run('master01', `echo ${Buffer.from(input).toString('base64')} | base64 -d > m.yaml`);
    const shown = [];
    for (const verb of ['apply', 'create --dry-run=server -o yaml', 'replace', 'delete --wait=false']) {
      const { stdout, stderr } = await lab.run('master01', `kubectl ${verb} -f m.yaml`, 5_000);
      shown.push(stdout, stderr);
      await lab.advance(200);
    }
    return shown.join('');
  },
};

// kubectl's arguments

const kubectlLines = [
  ...new Set(
    recorded
      .map(({ cmd }) => cmd)
      .filter((cmd) => /^kubectl [^|<>&;$]*$/.test(cmd) && !/ -w\b|--watch|proxy|port-forward|edit/.test(cmd)),
  ),
];
const kubectlWord = fc.oneof(
  fc.constantFrom(
    'get',
    'describe',
    'delete',
    'create',
    'apply',
    'patch',
    'label',
    'annotate',
    'scale',
    'rollout',
    'expose',
    'run',
    'set',
    'taint',
    'cordon',
    'drain',
    'explain',
    'logs',
    'exec',
    'top',
    'auth',
    'config',
    'wait',
    'cp',
    'api-resources',
    'diff',
    'events',
    'pods',
    'pv',
    'pvc',
    'deploy',
    'sts',
    'svc',
    'nodes',
    'node01',
    'all',
    'deploy/x',
    'po,svc',
    'pods.v1.',
    'x.y/z',
    '--',
    '-A',
    '-n',
    '-l',
    '-o',
    '-f',
    '-p',
    '--type=json',
    '--type=merge',
    '--all',
    '--force',
    '--grace-period',
    '--timeout',
    '--for',
    '--sort-by',
    '--field-selector',
    '--show-labels',
    '--raw',
    '--dry-run=client',
    '--image',
    '--replicas',
    '--selector',
    '-ojson',
    '-oyaml',
    '-oname',
    '-owide',
    '-v9',
    '--as=x',
  ),
  fc
    .tuple(
      fc.constantFrom(
        '-ojsonpath=',
        '-ogo-template=',
        '-ocustom-columns=',
        '--sort-by=',
        '-l',
        '--field-selector=',
        '--for=jsonpath=',
        '--for=',
        '-p=',
        '--raw=',
        '--overrides=',
        '--from-literal=',
        '--template=',
      ),
      fc.oneof(
        text,
        fc
          .array(
            fc.oneof(
              fc.constantFrom(
                '{',
                '}',
                '{{',
                '}}',
                '.',
                '..',
                '[',
                ']',
                '[?(',
                ')]',
                '@',
                '$',
                '*',
                'range ',
                'end',
                'if ',
                'items',
                'metadata',
                'name',
                '"',
                "'",
                '==',
                '!=',
                ',',
                ' in (',
                '|',
                'printf ',
                'index ',
                ' . ',
              ),
              text,
            ),
            { maxLength: 10 },
          )
          .map((parts) => parts.join('')),
      ),
    )
    .map(([flag, value]) => `${flag}${value}`),
  text,
);

const kubectl: Kind = {
  weight: 6,
  input: fc.oneof(
    { weight: 2, arbitrary: kubectlCalls },
    mutated(kubectlLines, kubectlWord.map(quote), /( +)/),
    fc.array(kubectlWord, { minLength: 1, maxLength: 6 }).map((args) => `kubectl ${args.map(quote).join(' ')}`),
  ),
  async give(lab, input) {
    const { stdout, stderr } = await lab.run('master01', `${input.replaceAll('\0', '')} < /dev/null`, 5_000);
    return stdout + stderr;
  },
};

// /etc/exports

const exportsPieces = fc.oneof(
  fc.constantFrom(
    '/mnt/a',
    '/mnt/b',
    '/',
    '/mnt',
    '*',
    '192.168.120.0/24',
    '192.168.120.231',
    'node0?',
    '@group',
    '(',
    ')',
    '()',
    ' ',
    '\t',
    '\n',
    '\\\n',
    ',',
    '#',
    '"',
    '\\040',
    '\\011',
    '\\777',
    'rw',
    'ro',
    'sync',
    'async',
    'no_root_squash',
    'all_squash',
    'fsid=0',
    'fsid=root',
    'fsid=',
    'anonuid=',
    'anongid=65534',
    'crossmnt',
    'nohide',
    'subtree_check',
    'sec=sys:krb5',
    'sec=',
    'nosuch',
    'mp',
    'refer=/x@y',
    'replicas=',
    '-rw,sync',
    '=',
    '[::1]/64',
    '10.0.0.0/33',
  ),
  text,
);

const exports: Kind = {
  weight: 4,
  input: fc.oneof(
    exportLines,
    mutated(
      [
        '/mnt/a *(rw,sync,no_root_squash)\n/mnt/b 192.168.120.0/24(ro) node01(rw,fsid=1)\n',
        '/mnt -rw,sync *(no_subtree_check) \\\n  node02\n',
        '"/mnt/a" *(rw)\n# comment\n/mnt/b\n',
      ],
      exportsPieces,
      /([\s(),=])/,
    ),
    fc.array(exportsPieces, { maxLength: 14 }).map((parts) => parts.join('')),
  ),
  async give(lab, input) {
    const file = Buffer.from(input.replaceAll('\0', '')).toString('base64');
    const server = await lab.run(
      'nfs',
      `mkdir -p /mnt/a /mnt/b; echo ${file} | base64 -d > /etc/exports; exportfs -ra; exportfs -v; exportfs -s; showmount -e; cat /proc/fs/nfsd/exports 2>&1; exportfs -ua`,
    );
    return server.stdout + server.stderr;
  },
};

// What is typed at a terminal

/** What its editors and pagers open: a few lines, many, one long line, bytes that are none, a folder. */
const FILES =
  "cd; seq 20 > f; seq 3000 > m; printf 'a%.0s' {1..20000} > h; head -c 3000 /dev/urandom > b; mkdir -p d; touch d/x";

const terminal: Kind = {
  weight: 2,
  input: terminalInput,
  async give(lab, input) {
    await lab.run('master01', FILES);
    let shown = '';
    for (let at = 0; at < input.length; at += 40) shown += await lab.type('master01', input.slice(at, at + 40), 50);
    // Out of whatever it is in.
    for (const way of ['\x1b\x1b:q!\r', 'q', '\x03', '\x1c', '\x03', '\x04', '\r'])
      shown += await lab.type('master01', way, 1_100);
    return shown;
  },
};

export const KINDS: Readonly<Record<string, Kind>> = { shell, manifest, kubectl, exports, terminal };

function lessonFiles(end: string): string[] {
  const content = new URL('../../content/', import.meta.url).pathname;
  return readdirSync(content, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .sort()
    .map((path) => readFileSync(join(content, path), 'utf8'));
}

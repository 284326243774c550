// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's
/** Lines for a shell: known ones changed, programs with the options they are known to take, and scripts grown from the shell's grammar. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { mutated, quote, text } from './hostile.ts';
import { arithmetic, awk, date, find, format, glob, regex, sed } from './small-languages.ts';

const here = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

const scripts = here('../../sandbox/machines/shell/testdata/scripts.txt').split('\n----\n');
/** Commands that were put to the real programs, each in the files that SETUP makes. */
const commands = ['programs/testdata/commands.txt', 'system-programs/testdata/lines.txt'].flatMap((path) =>
  here(`../../sandbox/machines/${path}`).trim().split('\n'),
);

/** What commands run among: text, bytes that are none, one long line, many lines, folders, links to nowhere and to themselves. */
export const SETUP = `rm -rf /tmp/z; mkdir -p /tmp/z/d/e; cd /tmp/z; printf 'apple 3\\nbanana 1\\ncherry 2\\n' > f
printf 'name,size\\nx,10\\n\\nz,100,\\n' > csv; seq 3000 > m; head -c 3000 /dev/urandom > b; printf 'a%.0s' {1..20000} > h
: > n; printf 'one\\n' > d/1; printf 'two\\nthree' > d/e/2; ln -s f l; ln -s o o; cp f g; mkfifo p; gzip -k m; tar cf t d
printf 'echo "$0 $#"; exit 3\\n' > s; chmod +x s; a=(1 2 'x y'); declare -A m=([k]=v); i=3 x='a b*'; g() { echo "g $*"; return 2; }
`;
const FILES =
  'f g l m b h n d d/1 d/e d/e/2 o p s t m.gz csv nosuch . .. / - * d/* ./s /dev/null /dev/stdin /dev/full /etc/passwd /proc/self/status';
const file = fc.constantFrom(...FILES.split(' '));

// Programs

const programs = [
  ...new Set(
    ['programs', 'system-programs'].flatMap((table) =>
      [...here(`../../sandbox/machines/${table}/index.ts`).matchAll(/'([a-z][a-z0-9_.+-]{1,20})'/g)].map(
        ([, name]) => name!,
      ),
    ),
  ),
].sort();
const BUILTINS =
  'alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable eval exec exit export fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readonly return set shift shopt source suspend test time times trap type typeset ulimit umask unalias unset wait'.split(
    ' ',
  );

/** Each program's options, with their values, as the known commands have them. */
const knownOptions = new Map<string, string[]>();
for (const line of [...commands, ...scripts])
  for (const part of line.split(/[|;&\n(){}]+/)) {
    const [name, ...args] = part.trim().match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
    const options = args.flatMap((arg, i) => {
      const value = args[i + 1];
      return /^-./.test(arg) ? [arg, ...(value && !value.startsWith('-') ? [`${arg} ${value}`] : [])] : [];
    });
    if (name) knownOptions.set(name, [...(knownOptions.get(name) ?? []), ...options]);
  }

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LONG =
  'help version bytes lines width date size format max-depth key delimiter fields regexp signal sort block-size exclude output time-style nosuch';
const anyOption = fc.oneof(
  fc.constantFrom(...LETTERS).map((c) => `-${c}`),
  fc.array(fc.constantFrom(...LETTERS), { minLength: 2, maxLength: 4 }).map((cs) => `-${cs.join('')}`),
  fc.tuple(fc.constantFrom(...LETTERS), text).map(([c, value]) => `-${c}${quote(value)}`),
  fc
    .tuple(fc.constantFrom(...LONG.split(' ')), fc.option(text))
    .map(([name, value]) => (value === null ? `--${name}` : `--${name}=${quote(value)}`)),
);

const argument = fc.oneof(
  { weight: 4, arbitrary: file },
  { weight: 2, arbitrary: anyOption },
  { weight: 2, arbitrary: text.map(quote) },
);
const call = fc.constantFrom(...programs, ...BUILTINS).chain((program) => {
  const known = knownOptions.get(program) ?? [];
  const word =
    known.length > 0
      ? fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 8, arbitrary: argument })
      : argument;
  return fc.array(word, { maxLength: 5 }).map((args) => [program, ...args].join(' '));
});

const quoted = (words: fc.Arbitrary<string>): fc.Arbitrary<string> => words.map(quote);
const small = fc
  .oneof(
    fc.tuple(fc.constantFrom("awk -F', *'", 'awk', 'awk -v x=1 -v'), quoted(awk), file),
    fc.tuple(fc.constantFrom('sed', 'sed -n', 'sed -E', 'sed -i.k', 'sed -z', 'sed -s'), quoted(sed), file),
    fc.tuple(
      fc.constantFrom('grep', 'grep -E', 'grep -o', 'grep -ciE', 'grep -rnw', 'grep -P', 'grep -vxf f', 'grep -C1 -b'),
      quoted(regex),
      file,
    ),
    fc.tuple(
      fc.constantFrom('find', 'find . d', 'find -L .', 'find -H l'),
      find,
      fc.constantFrom('', '-print', '| sort'),
    ),
    fc.tuple(
      fc.constantFrom('printf', 'printf -v x', 'stat -c', 'stat --printf', 'seq -f', 'date -d @5'),
      quoted(format),
      argument,
    ),
    fc.tuple(
      fc.constant('date -u -d'),
      quoted(date),
      quoted(format).map((words) => `+${words}`),
    ),
    fc.tuple(fc.constantFrom('touch -d', 'timeout', 'sleep'), quoted(date), file),
    fc.tuple(
      fc.constantFrom('expr', 'test', '[', 'let'),
      arithmetic.map((words) => words.replace(/([-+*/%<>()&|!=]+)/g, " '$1' ")),
      fc.constantFrom('', ']'),
    ),
    fc.tuple(fc.constantFrom('tr', 'tr -d', 'tr -cs', 'cut -d', 'split -l'), quoted(regex), quoted(glob)),
  )
  .map((parts) => parts.join(' '));

// The shell's grammar

const shellWord = fc.letrec<Record<'word' | 'parameter', string>>((tie) => ({
  word: fc.oneof(
    { depthSize: 'small' },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'a',
        'b',
        '"$x"',
        '$x',
        '$i',
        '"$@"',
        '"${a[@]}"',
        '$?',
        '$!',
        '~',
        "'q r'",
        "$'\\t\\u00e9'",
        '\\$',
        '-n',
        '--',
      ),
    },
    { weight: 3, arbitrary: file },
    glob,
    text.map(quote),
    arithmetic.map((words) => `$((${words}))`),
    tie('parameter'),
    tie('parameter').map((words) => `"${words}"`),
    fc.tuple(tie('word'), tie('word')).map((words) => words.join('')),
    tie('word').map((word) => `$(echo ${word})`),
    tie('word').map((word) => `<(echo ${word})`),
    tie('word').map((word) => `"\`echo ${word.replace(/[`\\]/g, '')}\`"`),
  ),
  parameter: fc
    .tuple(
      fc.constantFrom(
        'x',
        'i',
        'a',
        'a[@]',
        'a[*]',
        'a[1]',
        'a[-1]',
        'm[k]',
        'm[@]',
        '!x',
        '!a[@]',
        '!m*',
        '#x',
        '#a[@]',
        'nosuch',
        '@',
        '*',
        '1',
        '?',
        '#',
        'PATH',
        'IFS',
        'RANDOM',
        'FUNCNAME',
        'BASH_REMATCH[0]',
        '1x',
      ),
      fc.constantFrom(
        '',
        '',
        ':-',
        '-',
        ':=',
        '=',
        ':+',
        '+',
        ':?',
        '#',
        '##',
        '%',
        '%%',
        '/',
        '//',
        '/#',
        '/%',
        '^',
        '^^',
        ',',
        ',,',
        ':',
        ': -',
        '@',
      ),
      fc.oneof(
        tie('word'),
        glob,
        arithmetic,
        fc.constantFrom('', 'Q', 'E', 'A', 'a', 'P', 'U', 'K', 'k', '1:2', 'a/b', '0:-1'),
      ),
    )
    .map(([name, operator, rest]) => `\${${name}${operator}${operator === '' ? '' : rest}}`),
}));

const redirection = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('<', '>', '>>', '>|', '<>', '2>', '&>', '&>>', '3<', '{fd}>', '<&', '>&', '2>&', '9<&', '<<<'),
      fc.oneof(shellWord.word, fc.constantFrom('0', '1', '2', '-', '3-', '99', '1024', '99999999999')),
    )
    .map(([operator, target]) => ` ${operator} ${target}`),
  fc
    .tuple(
      fc.constantFrom('<<E', "<<'E'", '<<-E', '<<\\E'),
      shellWord.word,
      fc.constantFrom('\nE\n', '\n\tE\n', '\n', ''),
    )
    .map(([operator, body, end]) => ` ${operator}\n${body}${end}`),
);

const condition = fc
  .tuple(
    shellWord.word,
    fc.constantFrom('==', '!=', '=~', '<', '-eq', '-lt', '-nt', '-ef', '=', '&&', '||'),
    fc.oneof(shellWord.word, regex, glob, arithmetic),
    fc.constantFrom('', '! ', '( ', '-n ', '-v ', '-f ', '-o ', '-t '),
  )
  .map(
    ([left, operator, right, before]) => `[[ ${before}${left} ${operator} ${right}${before === '( ' ? ' )' : ''} ]]`,
  );

const script = fc.letrec<Record<'command' | 'list', string>>((tie) => ({
  command: fc.oneof(
    { depthSize: 'small' },
    { weight: 4, arbitrary: call },
    { weight: 3, arbitrary: small },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom(
            'echo',
            'printf',
            'g',
            'cat',
            'x=',
            'a+=(',
            'local -a y=',
            'declare -n r=',
            'read -r y',
            'set --',
            'eval',
            'exec',
            'trap',
            'unset',
            'mapfile -t',
            'cd',
          ),
          fc.array(shellWord.word, { maxLength: 3 }),
        )
        .map(
          ([name, words]) =>
            `${name}${/[=(]$/.test(name) ? '' : ' '}${words.join(' ')}${name.endsWith('(') ? ')' : ''}`,
        ),
    },
    condition,
    arithmetic.map((words) => `((${words}))`),
    fc.tuple(tie('command'), redirection).map((parts) => parts.join('')),
    fc.array(tie('command'), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(' | ')),
    fc
      .tuple(
        fc.constantFrom(
          '! ',
          'time ',
          'x=5 ',
          'coproc ',
          'exec ',
          'command ',
          'builtin ',
          'nohup ',
          'timeout 1 ',
          'env -i ',
          'xargs -n1 ',
          'sh -c ',
          'eval ',
        ),
        tie('command'),
      )
      .map((parts) => parts.join('')),
    tie('list').map((list) => `{ ${list}; }`),
    tie('list').map((list) => `(${list})`),
    tie('list').map((list) => `bash -c ${quote(list)} x 1 2`),
    tie('list').map((list) => `x=$(${list})`),
    fc
      .tuple(tie('list'), tie('list'))
      .map(([test, then]) => `if ${test}; then ${then}; elif false; then :; else ${then}; fi`),
    fc.tuple(shellWord.word, tie('list')).map(([word, list]) => `for y in ${word} 1 2; do ${list}; done`),
    fc.tuple(arithmetic, tie('list')).map(([test, list]) => `for ((i=0; i<3 && ${test}; i++)); do ${list}; done`),
    fc.tuple(tie('list'), tie('list')).map(([test, list]) => `while ${test}; do ${list}; break; done`),
    fc
      .tuple(shellWord.word, glob, tie('list'))
      .map(([word, pattern, list]) => `case ${word} in ${pattern}) ${list};;& *) g;; esac`),
    tie('list').map((list) => `f() { local x=1; ${list}; return 5; }; f a b`),
    fc
      .tuple(tie('list'), fc.constantFrom('EXIT', 'ERR', 'DEBUG', 'RETURN', 'INT', 'USR1', 'CHLD', '0', '64', 'SIGX'))
      .map(([list, signal]) => `trap ${quote(list)} ${signal}`),
    fc
      .tuple(
        fc.constantFrom('TERM', 'INT', 'STOP', 'CONT', 'USR1', 'HUP', 'PIPE', '0', '-9', '99', 'nosuch'),
        fc.constantFrom('$$', '$!', '%1', '%%', '0', '-1x', '%nosuch', '1x', '"$BASHPID"'),
      )
      .map(([signal, process]) => `kill -${signal} ${process}`),
    fc
      .tuple(
        tie('command'),
        fc.constantFrom(
          ' & wait',
          ' & wait -n',
          ' & jobs -l',
          ' & kill %1; wait %1',
          ' & disown',
          ' & fg',
          ' & wait $!',
        ),
      )
      .map((parts) => parts.join('')),
    fc.constantFrom(
      ...'set -e|set -u|set -o pipefail|set -f|shopt -s extglob globstar nullglob|shopt -s failglob|shopt -s lastpipe|set -n|set -x|set -o posix|set -m|shopt -s expand_aliases; alias e=echo\ne a|IFS=,|PS4="+$i "|unset PATH|unset IFS|ulimit -n 5|exec 3< f|exec > o|exec 2>&1|cd d|enable -n echo|return 3|exit 7|break|continue 2|shift 9|unset -f g|readonly x|POSIXLY_CORRECT=1'.split(
        '|',
      ),
    ),
  ),
  list: fc
    .array(fc.tuple(tie('command'), fc.constantFrom('; ', ' && ', ' || ', '\n', ' & ')), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.flat().slice(0, -1).join('')),
}));

/** Where programs' lines come from and go to. */
const TAILS = [
  '',
  '',
  '',
  ' < f',
  ' < b',
  ' < h',
  ' < /dev/null',
  ' < /dev/zero | head -c 100',
  ' <<< "a b"',
  ' | head -3',
  ' > o2',
  ' >> f',
  ' > /dev/full',
  ' 2>&1 | cat',
  ' | sort | uniq -c',
  ' | (sleep 1; wc)',
  ' <&-',
  ' >&-',
];
const line = fc.tuple(fc.oneof(call, small), fc.constantFrom(...TAILS)).map((parts) => parts.join(''));

const PIECES =
  '|~||~&&~;~&~\n~<~>~>>~2>&1~<<E\n~<<<~$(~)~`~${~}~$((~))~((~[[~]]~{~(~if ~then ~fi~for i in ~do ~done~while ~case x in ~esac~function f~!~$~$!~$$~$?~$@~"$*"~${x:=~${x//~${!x~${x[~${#~${x^^~@Q}~$\'\\x~\\~"~\'~#~*~?~[!~{1..~{a,~=~+=~x=~local ~declare -n x=x;~trap ~exec ~eval ~set -~read ~printf ~coproc ~time ~exit ~return ~break 9~<(~>('.split(
    '~',
  );
const pieces = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 2, arbitrary: text },
  { weight: 1, arbitrary: file },
  { weight: 1, arbitrary: shellWord.word },
);
const SPLIT = /(\s+|[;|&(){}"'$<>])/;

export const shellInput = (lessons: readonly string[]): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 3, arbitrary: mutated([...scripts, ...lessons], pieces, SPLIT) },
      { weight: 4, arbitrary: mutated(commands, fc.oneof(pieces, argument), SPLIT) },
      { weight: 5, arbitrary: line },
      { weight: 6, arbitrary: script.list },
      { weight: 1, arbitrary: fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')) },
    )
    .map((input) => input.replaceAll('\0', ''));

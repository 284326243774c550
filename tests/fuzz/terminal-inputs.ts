/** What is typed at a terminal: keys that steer, programs that take the screen, and what is typed at those. */

import fc from 'fast-check';
import { text } from './hostile.ts';
import { glob, regex, sed } from './small-languages.ts';

const CONTROLS = [...'\x01\x02\x03\x04\x05\x08\t\n\x0b\x0c\r\x0e\x10\x12\x14\x15\x16\x17\x19\x1a\x1b\x1c\x1f\x7f'];
const SEQUENCES = [
  ...[
    '[A',
    '[B',
    '[C',
    '[D',
    '[H',
    '[F',
    '[3~',
    '[5~',
    '[6~',
    'OP',
    '[1;5C',
    'b',
    'f',
    'd',
    '.',
    'u',
    't',
    '5',
    '-',
    '*',
    '?',
  ],
  ...['[200~a\nb\x1b[201~', '[200~', '[<0;1;1M', '[?', ']0;', '[9999999C'],
].map((rest) => `\x1b${rest}`);
const CHARACTERS = [
  '日',
  '😀',
  'é',
  '\u0301',
  '\ud83d',
  ...'abqio:/?!.upy*$GnNrRxX0^%wW~Jz',
  '!!',
  '!$',
  '!-9',
  '!?x?',
  '^a^b',
  '\r\r',
];

/** Of vi and of less; each means something else, or nothing, to the others. */
const COMMANDS =
  'dd 99999p yy 3dw d$ dG cw dgg >> << J x 5x rX ~ qa @a @@ "ayy "ap ma \'a `a f; ; , % { } ( ) H L M zz zt 0 $ ^ gU~ gg G 100G 50% ZZ ZQ u \x12 \x06 \x02 \x04 \x15 \x05 ci" di( yiw vjd Vjjy . &F -S -N =';
const EX =
  "q! wq w x w!\u00a0/nosuch/x e!\u00a0f r\u00a0/etc/passwd !ls r\u00a0!date %!sort %d 1,3m$ g/a/d v/a/s//b/ %s/a/b/g 99999 $ -5 .,+3y set\u00a0nu set\u00a0list set\u00a0nosuch set\u00a0ts=0 n N sh ab\u00a0a\u00a0b map\u00a0x\u00a0dd help nosuch 'a,.d %j 2t. =";

const PROGRAMS =
  'vi\u00a0f|vi\u00a0m|vi\u00a0h|vi\u00a0b|vi\u00a0nosuch|vi\u00a0d|vi\u00a0-R\u00a0/etc/passwd|vi\u00a0+5\u00a0f\u00a0m|less\u00a0f|less\u00a0m|less\u00a0-SN\u00a0h|less\u00a0b|less\u00a0+F\u00a0m|more\u00a0m|less\u00a0<\u00a0/etc/passwd|top|top\u00a0-d\u00a00.1|watch\u00a0date|watch\u00a0-n0.1\u00a0-d\u00a0cat\u00a0b|cat|cat\u00a0b|bash|sh|bash\u00a0-x|exit|sleep\u00a09\u00a0&|fg|bg|jobs|kill\u00a0%1|wait|kubectl\u00a0get\u00a0pods\u00a0-w|kubectl\u00a0edit\u00a0ns\u00a0default|ssh\u00a0node02|ssh\u00a0nfs\u00a0cat|read\u00a0x|read\u00a0-es\u00a0-t1\u00a0x|select\u00a0x\u00a0in\u00a0a\u00a0b;\u00a0do\u00a0:;\u00a0done|stty\u00a0-echo|stty\u00a0raw|stty\u00a0cols\u00a01|stty\u00a0cols\u00a00\u00a0rows\u00a00|stty\u00a0sane|reset|clear|tput\u00a0cup\u00a0999\u00a0999|while\u00a0:;\u00a0do\u00a0:;\u00a0done|history\u00a05|history\u00a0-c|fc|set\u00a0-o\u00a0vi|set\u00a0-o\u00a0emacs|PS1=\'\\w\\\\\\n\\e[31m$x\u00a0\'|PS1=|bind\u00a0-p|bind\u00a0\'"x":\u00a0"xx"\'|complete\u00a0-W\u00a0"a\u00a0b"\u00a0cat|python3|mysql|su\u00a0-|passwd|man\u00a0ls|nano\u00a0f|dd|bc|awk\u00a01|sort|tee\u00a0x|yes|ping\u00a0node01|journalctl\u00a0-f|systemctl\u00a0status|cat\u00a0<<E|if\u00a0true|trap\u00a0"echo\u00a0x"\u00a0INT|crictl\u00a0ps|tail\u00a0-f\u00a0m';

const words = (list: string, separator: string): fc.Arbitrary<string> =>
  fc.constantFrom(...list.split(separator).map((word) => word.replaceAll('\u00a0', ' ')));

const keys = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CONTROLS, ...SEQUENCES) },
  { weight: 2, arbitrary: fc.constantFrom(...CHARACTERS) },
  { weight: 4, arbitrary: words(COMMANDS, ' ') },
  { weight: 2, arbitrary: words(EX, ' ').map((command) => `\x1b:${command}\r`) },
  { weight: 1, arbitrary: sed.map((script) => `\x1b:%${script.replaceAll('\n', '')}\r`) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('/', '?', '&'), regex).map(([where, what]) => `${where}${what}\r`) },
  { weight: 4, arbitrary: words(PROGRAMS, '|').map((line) => `${line}\r`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('cat ', 'echo ', 'cd ', 'kubectl get ', 'ls -l '), glob)
      .map(([line, word]) => `${line}${word}\t\t`),
  },
  { weight: 2, arbitrary: text },
);

export const terminalInput: fc.Arbitrary<string> = fc
  .array(keys, { minLength: 1, maxLength: 25 })
  .map((parts) => parts.join(''));

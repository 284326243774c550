/** What busybox says where the GNU tools say otherwise: from their message to its (busybox 1.36, each applet's source). */

type Table = readonly (readonly [pattern: RegExp, words: string])[];

/** `'x'` without its quotes: busybox quotes few names. */
const NAME = "'(.*?)'";

const COMMON: Table = [
  [new RegExp(`^cannot (?:stat|access) ${NAME}(: .*)$`), '$1$2'],
  [new RegExp(`^cannot open ${NAME} for reading(: .*)$`), '$1$2'],
  [/^failed to run command '(.*)': (.*)$/, "can't execute '$1': $2"],
  [/^invalid time interval '(.*)'.*$/, "invalid number '$1'"],
  [/^cannot (.*)$/, "can't $1"],
];

/** A name alone is a file that could not be opened. */
const CAN_NOT_OPEN: Table = [[/^([^':]+): (No such file or directory|Permission denied)$/, "can't open '$1': $2"]];

const WORDS: Readonly<Record<string, Table>> = {
  ls: [[new RegExp(`^cannot (?:access|open directory) ${NAME}: (.*)$`), '$1: $2']],
  cat: [[/^.*: Is a directory$/, 'read error: Is a directory'], ...CAN_NOT_OPEN],
  uniq: CAN_NOT_OPEN,
  md5sum: CAN_NOT_OPEN,
  sha1sum: CAN_NOT_OPEN,
  sha256sum: CAN_NOT_OPEN,
  sha512sum: CAN_NOT_OPEN,
  tail: [[/^cannot open '(.*)' for reading: (.*)$/, "can't open '$1': $2"], ...CAN_NOT_OPEN],
  cp: [
    [new RegExp(`^cannot stat ${NAME}(: .*)$`), "can't stat '$1'$2"],
    [/^-r not specified; omitting directory (.*)$/, 'omitting directory $1'],
    [/^cannot create regular file (.*)$/, "can't create $1"],
    [new RegExp(`^target ${NAME}: No such file or directory$`), "can't create '$1': No such file or directory"],
    [/^cannot open '(.*)' for reading(: .*)$/, "can't open '$1'$2"],
  ],
  mv: [
    [/^cannot stat (.*)$/, "can't rename $1"],
    [/^cannot move ('.*?') to ('.*'): (.*)$/, "can't rename $1: $3"],
    [/^cannot overwrite non-directory '.*' with directory (.*)$/, "can't rename $1: Not a directory"],
    [/^cannot overwrite directory '.*' with non-directory$/, "can't rename: Is a directory"],
  ],
  rm: [
    [/^cannot remove ('.*'): Is a directory$/, '$1 is a directory'],
    [/^remove .*(file|directory|link) ('.*')\? $/, 'remove $2? '],
  ],
  rmdir: [[/^failed to remove (.*)$/, '$1']],
  touch: [[new RegExp(`^cannot touch ${NAME}: (.*)$`), '$1: $2']],
  chmod: [[/^invalid mode: (.*)$/, 'invalid mode $1']],
  chown: [
    [/^invalid user: '(.*)'$/, 'unknown user $1'],
    [/^invalid group: '(.*)'$/, 'unknown group $1'],
    [/^changing ownership of '(.*)': (.*)$/, '$1: $2'],
  ],
  chgrp: [[/^invalid group: '(.*)'$/, 'unknown group $1']],
  ln: [[/^failed to (?:create (?:symbolic|hard) link|access) '(.*?)'(?: => '.*')?: (.*)$/, '$1: $2']],
  stat: [[/^cannot statx? (.*)$/, "can't stat $1"]],
  head: [
    [/^cannot open '(.*)' for reading: (.*)$/, '$1: $2'],
    [/^invalid number of (?:lines|bytes): (.*)$/, 'invalid number $1'],
  ],
  sort: [[/^cannot read: (.*)$/, '$1']],
  cut: [
    [/^you must specify a list of bytes, characters, or fields$/, 'expected a list of bytes, characters, or fields'],
  ],
  grep: [[/^Unmatched \[.*$/, "bad regex '['"]],
  sed: [
    [/^can't read (.*)$/, '$1'],
    [/^-e expression #\d+, char \d+: unterminated `s' command$/, "unmatched '/'"],
    [/^-e expression #\d+, char \d+: unknown command: `(.)'$/, 'unsupported command $1'],
    [/^-e expression #\d+, char \d+: extra characters after command$/, 'unsupported command o'],
  ],
  awk: [
    [/^cannot open "?(.*?)"? \(.*\)$/, '$1: No such file or directory'],
    [/^(?:\S+: )?line \d+: (?:syntax error|missing).*$/, 'cmd. line:1: Unexpected token'],
  ],
  find: [
    [/^unknown predicate `(.*)'$/, 'unrecognized: $1'],
    [/^missing argument to `(.*)'$/, '$1 requires an argument'],
    [/^[‘'](.*)[’']: (.*)$/, '$1: $2'],
  ],
  du: [[/^cannot access '(.*)': (.*)$/, '$1: $2']],
  tar: [
    [/^(.*): Cannot open: (.*)$/, "can't open '$1': $2"],
    [/^(.*): Cannot stat: (.*)$/, '$1: $2'],
    [/^This does not look like a tar archive$/, 'short read'],
    [/^Exiting with failure status due to previous errors$/, 'error exit delayed from previous errors'],
  ],
  more: [[/^cannot open (.*): (.*)$/, "can't open '$1': $2"]],
  gunzip: [[/^(.*): unknown suffix -- ignored$/, '$1: unknown suffix - ignored']],
  zcat: [[/^.*: not in gzip format$/, 'no gzip/bzip2/xz magic']],
  dd: [[/^failed to open '(.*)': (.*)$/, "can't open '$1': $2"]],
  cmp: [[/^(.*): No such file or directory$/, '$1: No such file or directory']],
  diff: [[/^(.*): No such file or directory$/, "can't stat '$1': No such file or directory"]],
  id: [[/^'(.*)': no such user$/, 'unknown user $1']],
  expr: [[/^syntax error.*$/, 'syntax error']],
  env: [[/^[‘'](.*)[’']: (.*)$/, "can't execute '$1': $2"]],
  umount: [
    [/^(\S+): no mount point specified\.?$/, "can't unmount $1: No such file or directory"],
    [/^(\S+): not mounted\.?$/, "can't unmount $1: Invalid argument"],
    [/^(\S+): target is busy\.?$/, "can't unmount $1: Device or resource busy"],
  ],
  mount: [
    [/^(\S+): can't find in \/etc\/fstab\.$/, "can't find $1 in /etc/fstab"],
    [/^(\S+): mount point does not exist\.$/, 'mounting SOURCE on $1 failed: No such file or directory'],
    [
      /^(\S+): (?:special device \S+ does not exist|fsconfig system call failed: No such file.*)\.?$/,
      'mounting SOURCE on $1 failed: No such file or directory',
    ],
    [/^(\S+): (?:permission denied|must be superuser to use mount)\.$/, 'permission denied (are you root?)'],
  ],
  df: [[/^(\S+): No such file or directory$/, "$1: can't find mount point"]],
  cal: [[/^illegal month value.*?(\d+)$/, 'number $1 is not in 1..12 range']],
  killall: [[/^(.*): no process found$/, '$1: no process killed']],
  chroot: [[/^cannot change root directory to (.*)$/, "can't change root directory to $1"]],
  mktemp: [[/^.*$/, '(null): Invalid argument']],
};

/** Whose GNU tools do not name themselves. */
const UNNAMED: ReadonlySet<string> = new Set(['killall', 'more']);
const GZIP: ReadonlySet<string> = new Set(['gunzip', 'zcat']);

const NAMED_ALIKE: Readonly<Record<string, string>> = { egrep: 'grep', fgrep: 'grep' };

/** What busybox answers with its usage alone. */
const USAGE_INSTEAD =
  /^(tar: You must specify|tar: invalid option|seq: invalid floating|factor: .* is not a valid|dd: unrecognized operand|Usage: mawk|tr: missing operand)/;

/** Lines that GNU tools add and busybox does not. */
const UNSAID =
  /^(grep: .*: Is a directory| *dmesg\(1\) may have more .*|Try '.* --help' for more information\.|Try '.* --help' or .*|.*: Error is not recoverable: exiting now|.*: Exiting with failure.*)$/;

/** One piece of standard error of the applet, in busybox's words. */
export function inBusyboxWords(applet: string, text: string, usage: () => string): string {
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n');
  if (USAGE_INSTEAD.test(text)) return usage();
  const told = lines.flatMap((line) => {
    if (line === '' && GZIP.has(applet)) return [];
    if (UNSAID.test(line) && !(applet === 'tar' && line.includes('Exiting'))) return [];
    const prefix = `${applet}: `;
    const bare = UNNAMED.has(applet) && /^\S+: /.test(line) && !line.startsWith(prefix);
    const own = bare ? prefix + line : applet !== 'gzip' && GZIP.has(applet) ? line.replace(/^gzip: /, prefix) : line;
    if (!own.startsWith(prefix)) return [line];
    const said = prefix + translated(NAMED_ALIKE[applet] ?? applet, own.slice(prefix.length));
    return /^\w+: (invalid option -- |unrecognized option |unrecognized: )/.test(said)
      ? [said, usage().trimEnd()]
      : [said];
  });
  return told.length === 0 ? '' : told.join('\n') + (ends ? '\n' : '');
}

function translated(applet: string, message: string): string {
  const entry = [...(WORDS[applet] ?? []), ...COMMON].find(([pattern]) => pattern.test(message));
  return entry ? message.replace(entry[0], entry[1]) : message;
}

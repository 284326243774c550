/** Options of an export: their names, their values, their order in listings (exports(5), parseopts() of nfs-utils support/nfs/exports.c). */

/** What may differ from one security flavour to the next. */
interface Access {
  readonly readOnly: boolean;
  readonly secure: boolean;
  readonly rootSquash: boolean;
  readonly allSquash: boolean;
}

export interface ExportOptions extends Access {
  readonly async: boolean;
  readonly wdelay: boolean;
  readonly hide: boolean;
  readonly crossmnt: boolean;
  readonly subtreeCheck: boolean;
  readonly secureLocks: boolean;
  readonly acl: boolean;
  readonly readdirPlus: boolean;
  readonly securityLabel: boolean;
  readonly pnfs: boolean;
  /** A number of 32 bits; 0 makes the directory the root of version 4. */
  readonly fsid: number | undefined;
  readonly uuid: string | undefined;
  /** Exported only while something is mounted there: at the path given, or (empty) at the export's own. */
  readonly mountpoint: string | undefined;
  readonly locations: { readonly kind: 'refer' | 'replicas'; readonly list: string } | undefined;
  readonly squashUids: readonly (readonly [number, number])[];
  readonly squashGids: readonly (readonly [number, number])[];
  readonly anonuid: number;
  readonly anongid: number;
  /** `sec=`, in order; none is `sys`, with the access above. */
  readonly flavours: readonly (Access & { readonly name: string })[];
}

const NOBODY = 65_534;

/** What an entry begins with (init_exportent). */
export const INITIAL: ExportOptions = {
  readOnly: true,
  secure: true,
  rootSquash: true,
  allSquash: false,
  async: false,
  wdelay: true,
  hide: true,
  crossmnt: false,
  subtreeCheck: false,
  secureLocks: true,
  acl: true,
  readdirPlus: true,
  securityLabel: false,
  pnfs: false,
  fsid: undefined,
  uuid: undefined,
  mountpoint: undefined,
  locations: undefined,
  squashUids: [],
  squashGids: [],
  anonuid: NOBODY,
  anongid: NOBODY,
  flavours: [],
};

const FLAGS: Readonly<Record<string, Partial<ExportOptions>>> = {
  ro: { readOnly: true },
  rw: { readOnly: false },
  secure: { secure: true },
  insecure: { secure: false },
  sync: { async: false },
  async: { async: true },
  nordirplus: { readdirPlus: false },
  security_label: { securityLabel: true },
  nohide: { hide: false },
  hide: { hide: true },
  crossmnt: { crossmnt: true },
  nocrossmnt: { crossmnt: false },
  wdelay: { wdelay: true },
  no_wdelay: { wdelay: false },
  root_squash: { rootSquash: true },
  no_root_squash: { rootSquash: false },
  all_squash: { allSquash: true },
  no_all_squash: { allSquash: false },
  subtree_check: { subtreeCheck: true },
  no_subtree_check: { subtreeCheck: false },
  auth_nlm: { secureLocks: true },
  no_auth_nlm: { secureLocks: false },
  secure_locks: { secureLocks: true },
  insecure_locks: { secureLocks: false },
  acl: { acl: true },
  no_acl: { acl: false },
  pnfs: { pnfs: true },
  no_pnfs: { pnfs: false },
};

/** Flavours, and which are other names of one (pseudoflavors.h). */
const FLAVOURS: Readonly<Record<string, string>> = {
  krb5: 'krb5',
  krb5i: 'krb5i',
  krb5p: 'krb5p',
  unix: 'sys',
  sys: 'sys',
  null: 'none',
  none: 'none',
};

/** The message is the whole complaint, with the line end that xlog adds to its own. */
export class OptionError extends Error {}

/** `file` is `command line` for -o, and the line 0. Throws OptionError. */
export function parseOptions(text: string | undefined, base: ExportOptions, file: string, line: number): ExportOptions {
  if (text === undefined) return base;
  let options = base;
  let active: ReadonlySet<string> = new Set();
  for (const word of words(text)) {
    const flag = Object.hasOwn(FLAGS, word) ? FLAGS[word] : undefined;
    const [name, value] = splitOnce(word);
    if (flag) options = { ...options, ...flag, flavours: varied(options.flavours, active, flag) };
    else if (value !== undefined && (name === 'anonuid' || name === 'anongid')) {
      if (!/^\s*[+-]?\d+$/.test(value)) throw new OptionError(`${file}: ${line}: bad ${name} "${word}"\n`);
      options = { ...options, [name]: toInt(BigInt(value.trim().replace('+', ''))) };
    } else if (value !== undefined && (name === 'squash_uids' || name === 'squash_gids')) {
      const range = squashRange(value, file, line);
      options =
        name === 'squash_uids'
          ? { ...options, squashUids: [...options.squashUids, range] }
          : { ...options, squashGids: [...options.squashGids, range] };
    } else if (value !== undefined && name === 'fsid') options = { ...options, ...fsid(value, word, file, line) };
    else if (name === 'mountpoint' || name === 'mp') options = { ...options, mountpoint: value ?? '' };
    else if (value !== undefined && (name === 'refer' || name === 'replicas'))
      options = { ...options, locations: { kind: name, list: value } };
    else if (value !== undefined && name === 'sec') {
      const chosen = value.split(':');
      const unknown = chosen.find((one) => !Object.hasOwn(FLAVOURS, one));
      const flavours = [...options.flavours];
      const { readOnly, secure, rootSquash, allSquash } = options;
      for (const one of chosen.slice(0, unknown === undefined ? chosen.length : chosen.indexOf(unknown)))
        if (!flavours.some((known) => FLAVOURS[known.name] === FLAVOURS[one]))
          flavours.push({ name: one, readOnly, secure, rootSquash, allSquash });
      if (unknown !== undefined) throw new OptionError(`unknown flavor ${unknown}\n`);
      options = { ...options, flavours };
      active = new Set(chosen.map((one) => FLAVOURS[one]!));
    } else throw new OptionError(`${file}:${line}: unknown keyword "${word}"\n`);
  }
  return options;
}

/** Between commas; one at the end ends the list, blanks before a word are skipped. */
function words(text: string): string[] {
  const found = text.split(',').map((word) => word.replace(/^[ \t]+/, ''));
  if (found.at(-1) === '') found.pop();
  return found;
}

function varied(
  flavours: ExportOptions['flavours'],
  active: ReadonlySet<string>,
  flag: Partial<ExportOptions>,
): ExportOptions['flavours'] {
  const { readOnly, secure, rootSquash, allSquash } = flag;
  const access = Object.fromEntries(
    Object.entries({ readOnly, secure, rootSquash, allSquash }).filter(([, value]) => value !== undefined),
  );
  return flavours.map((one) => (active.has(FLAVOURS[one.name]!) ? { ...one, ...access } : one));
}

/** A number as strtoul(3) reads it in any base, or 32 hexadecimal digits with anything between them. */
function fsid(value: string, word: string, file: string, line: number): Partial<ExportOptions> {
  if (value === 'root') return { fsid: 0 };
  const [, sign, digits] = /^\s*([+-]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.exec(value) ?? [];
  if (digits !== undefined) {
    const octal = /^0[0-7]+$/.test(digits);
    const number = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    if (number > 0xffff_ffff_ffff_ffffn) return { fsid: -1 };
    return { fsid: toInt(sign === '-' ? -number : number) };
  }
  if ([...value].filter((c) => /[0-9a-f]/i.test(c)).length === 32) return { uuid: value };
  throw new OptionError(`${file}: ${line}: bad fsid "${word}"\n`);
}

function squashRange(list: string, file: string, line: number): readonly [number, number] {
  const [, first = '', last, rest] = /^(-?\d*)(?:-(-?\d*))?(.*)$/s.exec(list) ?? [];
  const from = Number.parseInt(first, 10) || 0;
  const to = last === undefined ? from : Number.parseInt(last, 10) || 0;
  if (from === -1 || to === -1) throw new OptionError(`${file}:${line}: syntax error: uid/gid -1 not permitted`);
  if (rest !== '') throw new OptionError(`${file}:${line}: syntax error: bad uid/gid list`);
  return [from, to];
}

const toInt = (value: bigint): number => Number(BigInt.asIntN(32, value));

/** As `exportfs -v` prints them, but for `ro` and `rw`, which stand first (as in the article) and not after the flavour. */
export function describeOptions(o: ExportOptions): string {
  return [
    o.readOnly ? 'ro' : 'rw',
    ...common(o),
    ...groups(o).flatMap(({ names, access }) => [
      `sec=${names.join(':')}`,
      ...(access.readOnly === o.readOnly ? [] : [access.readOnly ? 'ro' : 'rw']),
      ...squashing(access),
    ]),
  ].join(',');
}

function common(o: ExportOptions): string[] {
  return [
    o.async ? 'async' : 'sync',
    o.wdelay ? 'wdelay' : 'no_wdelay',
    o.hide ? 'hide' : 'nohide',
    ...(o.crossmnt ? ['crossmnt'] : []),
    ...(o.subtreeCheck ? [] : ['no_subtree_check']),
    ...(o.secureLocks ? [] : ['insecure_locks']),
    ...(o.readdirPlus ? [] : ['nordirplus']),
    ...(o.securityLabel ? ['security_label'] : []),
    ...(o.acl ? [] : ['no_acl']),
    ...(o.pnfs ? ['pnfs'] : []),
    ...identity(o),
    ...(o.anonuid === NOBODY ? [] : [`anonuid=${o.anonuid}`]),
    ...(o.anongid === NOBODY ? [] : [`anongid=${o.anongid}`]),
    ...(o.locations ? [`${o.locations.kind}=${o.locations.list}`] : []),
  ];
}

/** As /var/lib/nfs/etab holds them (putexportent). */
export function storedOptions(o: ExportOptions): string {
  return [
    o.readOnly ? 'ro' : 'rw',
    o.async ? 'async' : 'sync',
    o.wdelay ? 'wdelay' : 'no_wdelay',
    o.hide ? 'hide' : 'nohide',
    o.crossmnt ? 'crossmnt' : 'nocrossmnt',
    ...squashing(o),
    o.subtreeCheck ? 'subtree_check' : 'no_subtree_check',
    o.secureLocks ? 'secure_locks' : 'insecure_locks',
    o.acl ? 'acl' : 'no_acl',
    ...(o.readdirPlus ? [] : ['nordirplus']),
    ...(o.securityLabel ? ['security_label'] : []),
    o.pnfs ? 'pnfs' : 'no_pnfs',
    ...identity(o),
    ...(o.locations ? [`${o.locations.kind}=${escapePath(o.locations.list)}`] : []),
    ...squashed('squash_uids', o.squashUids, o.squashUids.length),
    ...squashed('squash_gids', o.squashGids, o.squashUids.length),
    `anonuid=${o.anonuid}`,
    `anongid=${o.anongid}`,
    ...groups(o).flatMap(({ names, access }) => [
      `sec=${names.join(':')}`,
      access.readOnly ? 'ro' : 'rw',
      ...squashing(access),
    ]),
  ].join(',');
}

const identity = (o: ExportOptions): string[] => [
  ...(o.fsid === undefined ? [] : [`fsid=${o.fsid}`]),
  ...(o.uuid === undefined ? [] : [`fsid=${o.uuid}`]),
  ...(o.mountpoint === undefined ? [] : [o.mountpoint === '' ? 'mountpoint' : `mountpoint=${o.mountpoint}`]),
];

/** putexportent counts the gids by the number of the uids. */
function squashed(name: string, ranges: readonly (readonly [number, number])[], count: number): string[] {
  if (ranges.length === 0) return [];
  const shown = ranges.slice(0, count).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return [`${name}=${shown.join(',')}`];
}

/** Flavours that grant the same, next to each other. */
function groups(o: ExportOptions): { names: string[]; access: Access }[] {
  const found: { names: string[]; access: Access }[] = [];
  for (const { name, ...access } of o.flavours.length > 0 ? o.flavours : [{ ...o, name: 'sys' }]) {
    const last = found.at(-1);
    if (last && squashing(last.access).join() === squashing(access).join() && last.access.readOnly === access.readOnly)
      last.names.push(name);
    else found.push({ names: [name], access });
  }
  return found;
}

/** What a caller who identifies itself by its uid (AUTH_SYS, all that the lab's clients do) is granted. */
export function accessOf(o: ExportOptions): Access | undefined {
  if (o.flavours.length === 0) return o;
  return o.flavours.find(({ name }) => FLAVOURS[name] === 'sys');
}

const squashing = (o: Access): string[] => [
  o.secure ? 'secure' : 'insecure',
  o.rootSquash ? 'root_squash' : 'no_root_squash',
  o.allSquash ? 'all_squash' : 'no_all_squash',
];

/** The NFSEXP_* bits that exportfs prints when two entries disagree (support/include/nfs/export.h). */
export const optionBits = (o: ExportOptions): number =>
  (o.readOnly ? 0x1 : 0) |
  (o.secure ? 0 : 0x2) |
  (o.rootSquash ? 0x4 : 0) |
  (o.allSquash ? 0x8 : 0) |
  (o.async ? 0x10 : 0) |
  (o.wdelay ? 0x20 : 0) |
  (o.readdirPlus ? 0 : 0x40) |
  (o.securityLabel ? 0x80 : 0) |
  (o.hide ? 0 : 0x200) |
  (o.subtreeCheck ? 0 : 0x400) |
  (o.secureLocks ? 0 : 0x800) |
  (o.acl ? 0 : 0x8000) |
  (o.fsid === undefined ? 0 : 0x2000) |
  (o.crossmnt ? 0x4000 : 0) |
  (o.pnfs ? 0x20000 : 0);

/** As etab has a path: blanks, quotes, backslashes and control characters in octal (fprintpath). */
export const escapePath = (path: string): string =>
  path.replace(/[\x00-\x20"\\#\x7f]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

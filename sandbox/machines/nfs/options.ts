/** Options of an export: their defaults, their names, their order in listings (exports(5), nfs-utils support/nfs/exports.c). */

export interface ExportOptions {
  readonly readOnly: boolean;
  readonly async: boolean;
  readonly wdelay: boolean;
  readonly hide: boolean;
  readonly crossmnt: boolean;
  readonly secure: boolean;
  readonly rootSquash: boolean;
  readonly allSquash: boolean;
  readonly subtreeCheck: boolean;
  readonly secureLocks: boolean;
  readonly acl: boolean;
  readonly pnfs: boolean;
  readonly fsid: string | undefined;
  readonly anonuid: number;
  readonly anongid: number;
  readonly security: string;
}

const NOBODY = 65_534;

export const DEFAULTS: ExportOptions = {
  readOnly: true,
  async: false,
  wdelay: true,
  hide: true,
  crossmnt: false,
  secure: true,
  rootSquash: true,
  allSquash: false,
  subtreeCheck: false,
  secureLocks: true,
  acl: true,
  pnfs: false,
  fsid: undefined,
  anonuid: NOBODY,
  anongid: NOBODY,
  security: 'sys',
};

const FLAGS: Readonly<Record<string, Partial<ExportOptions>>> = {
  ro: { readOnly: true },
  rw: { readOnly: false },
  sync: { async: false },
  async: { async: true },
  wdelay: { wdelay: true },
  no_wdelay: { wdelay: false },
  hide: { hide: true },
  nohide: { hide: false },
  crossmnt: { crossmnt: true },
  nocrossmnt: { crossmnt: false },
  secure: { secure: true },
  insecure: { secure: false },
  root_squash: { rootSquash: true },
  no_root_squash: { rootSquash: false },
  all_squash: { allSquash: true },
  no_all_squash: { allSquash: false },
  subtree_check: { subtreeCheck: true },
  no_subtree_check: { subtreeCheck: false },
  secure_locks: { secureLocks: true },
  insecure_locks: { secureLocks: false },
  auth_nlm: { secureLocks: true },
  no_auth_nlm: { secureLocks: false },
  acl: { acl: true },
  no_acl: { acl: false },
  pnfs: { pnfs: true },
  no_pnfs: { pnfs: false },
};

/** Accepted, and without effect in the lab. */
const IGNORED = new Set(['security_label', 'xprtsec', 'mountpoint', 'mp', 'no_hide', 'replicas', 'refer']);

/** Thrown with the rest of the message after `FILE:LINE: `. */
export class OptionError extends Error {}

export function parseOptions(text: string, base: ExportOptions = DEFAULTS): ExportOptions {
  let options = base;
  for (const word of text.split(',').filter(Boolean)) {
    const [name, value] = splitOnce(word);
    const flag = value === undefined ? FLAGS[name] : undefined;
    if (flag) options = { ...options, ...flag };
    else if (name === 'anonuid' || name === 'anongid') options = { ...options, [name]: number(name, value ?? '') };
    else if (name === 'fsid' && value !== undefined) options = { ...options, fsid: value === 'root' ? '0' : value };
    else if (name === 'sec' && value !== undefined) options = { ...options, security: value };
    else if (!IGNORED.has(name)) throw new OptionError(`unknown keyword "${word}"\n`);
  }
  return options;
}

export const choosesSubtreeCheck = (text: string): boolean =>
  text.split(',').some((word) => word === 'subtree_check' || word === 'no_subtree_check');

/** As `exportfs -v` prints them. */
export function describeOptions(o: ExportOptions): string {
  return [
    o.readOnly ? 'ro' : 'rw',
    o.async ? 'async' : 'sync',
    o.wdelay ? 'wdelay' : 'no_wdelay',
    o.hide ? 'hide' : 'nohide',
    ...(o.crossmnt ? ['crossmnt'] : []),
    ...(o.subtreeCheck ? [] : ['no_subtree_check']),
    ...(o.secureLocks ? [] : ['insecure_locks']),
    ...(o.acl ? [] : ['no_acl']),
    ...(o.pnfs ? ['pnfs'] : []),
    ...(o.fsid === undefined ? [] : [`fsid=${o.fsid}`]),
    ...(o.anonuid === NOBODY ? [] : [`anonuid=${o.anonuid}`]),
    ...(o.anongid === NOBODY ? [] : [`anongid=${o.anongid}`]),
    `sec=${o.security}`,
    ...squashing(o),
  ].join(',');
}

/** As /var/lib/nfs/etab holds them. */
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
    o.pnfs ? 'pnfs' : 'no_pnfs',
    ...(o.fsid === undefined ? [] : [`fsid=${o.fsid}`]),
    `anonuid=${o.anonuid}`,
    `anongid=${o.anongid}`,
    `sec=${o.security}`,
    o.readOnly ? 'ro' : 'rw',
    o.rootSquash ? 'root_squash' : 'no_root_squash',
    o.allSquash ? 'all_squash' : 'no_all_squash',
  ].join(',');
}

/** The NFSEXP_* bits that exportfs prints when two entries disagree (support/include/nfs/export.h). */
export const optionBits = (o: ExportOptions): number =>
  (o.readOnly ? 0x1 : 0) |
  (o.secure ? 0 : 0x2) |
  (o.rootSquash ? 0x4 : 0) |
  (o.allSquash ? 0x8 : 0) |
  (o.async ? 0x10 : 0) |
  (o.wdelay ? 0x20 : 0) |
  (o.hide ? 0 : 0x200) |
  (o.subtreeCheck ? 0 : 0x400) |
  (o.secureLocks ? 0 : 0x800) |
  (o.fsid === undefined ? 0 : 0x2000) |
  (o.crossmnt ? 0x4000 : 0);

const squashing = (o: ExportOptions): string[] => [
  o.secure ? 'secure' : 'insecure',
  o.rootSquash ? 'root_squash' : 'no_root_squash',
  o.allSquash ? 'all_squash' : 'no_all_squash',
];

function number(name: string, value: string): number {
  if (!/^-?\d+$/.test(value)) throw new OptionError(`bad ${name} "${name}=${value}"\n`);
  return Number(value);
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

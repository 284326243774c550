/** Tar archives: POSIX.1-1988 headers, read with pax's and GNU's longer names; written as GNU tar does, or as Go's archive/tar. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const encode = (text: string): Uint8Array => encoder.encode(text);
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/** `go` is USTAR where a name fits it, else a pax record before the header (archive/tar, Writer.WriteHeader). */
export type TarFormat = 'gnu' | 'go';

export type MemberType = 'file' | 'directory' | 'symlink' | 'link';

export interface Member {
  readonly name: string;
  readonly type: MemberType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
  /** Milliseconds. */
  readonly mtime: number;
  /** Of a link. */
  readonly target: string;
  readonly data: Uint8Array;
}

const BLOCK = 512;
/** GNU tar writes records of twenty blocks. */
const RECORD = 20 * BLOCK;
const NAME_MAX = 100;
const PREFIX_MAX = 155;
/** Magic and version. */
const GNU = 'ustar  \0';
const USTAR = 'ustar\x0000';
const LONG_NAME = '././@LongLink';

const TYPES: Readonly<Record<MemberType, string>> = { file: '0', link: '1', symlink: '2', directory: '5' };
const FLAGS: Readonly<Record<string, MemberType>> = {
  '0': 'file',
  '': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'symlink',
  '5': 'directory',
};

export function memberBlocks(member: Member, format: TarFormat = 'gnu'): Uint8Array {
  const flag = TYPES[member.type];
  if (format === 'go') return joined([...goHeader(flag, member), padded(member.data)]);
  const long = [
    ...(encode(member.target).length > NAME_MAX ? [longName('K', member.target)] : []),
    ...(encode(member.name).length > NAME_MAX ? [longName('L', member.name)] : []),
  ];
  return joined([...long, header(flag, member), padded(member.data)]);
}

/** USTAR is for ASCII. archive/tar's splitUSTARPath: the name's beginning goes into the prefix, if it can be parted at a slash. */
function goHeader(flag: string, member: Member): Uint8Array[] {
  const { name } = member;
  if (/^[\0-\x7f]*$/.test(name)) {
    if (name.length <= NAME_MAX) return [header(flag, member, USTAR)];
    const slash = name.slice(0, PREFIX_MAX + 1).lastIndexOf('/', name.endsWith('/') ? name.length - 2 : undefined);
    const [prefix, rest] = [name.slice(0, slash), name.slice(slash + 1)];
    if (slash > 0 && rest.length <= NAME_MAX && rest !== '')
      return [header(flag, { ...member, name: rest }, USTAR, prefix)];
  }
  const base = name.replace(/\/+$/, '').split('/').pop()!;
  const folder = name.slice(0, -base.length);
  const data = paxRecord('path', name);
  const extended = { ...NOBODY, name: `${folder}PaxHeaders.0/${base}`, type: 'file' as const, data };
  return [header('x', extended, USTAR), padded(data), header(flag, member, USTAR)];
}

/** The record says its own length, the digits of which are part of it. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return encode(`${length} ${key}=${value}\n`);
}

/** The zeros at the end, with GNU up to a whole record. */
export const archiveEnd = (written: number): Uint8Array =>
  new Uint8Array(Math.ceil((written + 2 * BLOCK) / RECORD) * RECORD - written);

/** An archive as Go's clients send it (`kubectl cp`). */
export const archiveOf = (all: readonly Member[]): Uint8Array =>
  joined([...all.map((member) => memberBlocks(member, 'go')), new Uint8Array(2 * BLOCK)]);

/** Where the members end and the zeros begin. */
export function membersEnd(archive: Uint8Array): number {
  let at = 0;
  while (at < archive.length && archive[at] !== 0) {
    const size = Number.parseInt(decode(archive.subarray(at + 124, at + 136)), 8) || 0;
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return at;
}

/** Who owns a header that is nobody's. */
export const NOBODY = { mode: 0o644, uid: 0, gid: 0, user: 'root', group: 'root', mtime: 0, target: '' };

function longName(flag: 'K' | 'L', text: string): Uint8Array {
  const data = encode(`${text}\0`);
  return joined([header(flag, { ...NOBODY, name: LONG_NAME, type: 'file', data }), padded(data)]);
}

function header(flag: string, member: Member, magic = GNU, prefix = ''): Uint8Array {
  const { name, mode, uid, gid, user, group, mtime, target, data } = member;
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number, most = NAME_MAX) => block.set(encode(text).subarray(0, most), at);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  put(name, 0);
  put(octal(mode, 8), 100);
  put(octal(uid, 8), 108);
  put(octal(gid, 8), 116);
  put(octal(data.length, 12), 124);
  put(octal(Math.floor(mtime / 1000), 12), 136);
  put(' '.repeat(8), 148);
  put(flag, 156);
  put(target, 157);
  put(magic, 257);
  put(user, 265, 31);
  put(group, 297, 31);
  put(prefix, 345, PREFIX_MAX);
  put(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const checksum = (block: Uint8Array): number => block.reduce((sum, byte) => sum + byte, 0);

/** Undefined in place of a member where the bytes are no header. */
export function* members(archive: Uint8Array): Generator<Member | undefined, void> {
  let longer: { path?: string; linkpath?: string } = {};
  for (let at = 0; at < archive.length; ) {
    const block = new Uint8Array(BLOCK);
    block.set(archive.subarray(at, at + BLOCK));
    if (block.every((byte) => byte === 0)) return;
    const text = (from: number, length: number) => decode(block.subarray(from, from + length)).replace(/\0.*$/s, '');
    const octal = (from: number, length: number) => Number.parseInt(text(from, length).trim(), 8) || 0;
    const blanked = block.slice();
    blanked.fill(0x20, 148, 156);
    if (checksum(blanked) !== octal(148, 8)) {
      yield undefined;
      return;
    }
    const size = octal(124, 12);
    const data = archive.slice(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const flag = text(156, 1);
    const content = () => decode(data).replace(/\0.*$/s, '');
    if (flag === 'L') longer = { ...longer, path: content() };
    else if (flag === 'K') longer = { ...longer, linkpath: content() };
    else if (flag === 'x') longer = { ...longer, ...paxRecords(decode(data)) };
    const type = FLAGS[flag];
    if (!type) continue;
    const prefix = text(257, 6) === 'ustar' ? text(345, 155) : '';
    yield {
      name: longer.path ?? (prefix ? `${prefix}/${text(0, NAME_MAX)}` : text(0, NAME_MAX)),
      type,
      mode: octal(100, 8) & 0o7777,
      uid: octal(108, 8),
      gid: octal(116, 8),
      user: text(265, 32),
      group: text(297, 32),
      mtime: octal(136, 12) * 1000,
      target: longer.linkpath ?? text(157, NAME_MAX),
      data,
    };
    longer = {};
  }
}

/** `LENGTH KEY=VALUE\n`, again and again (pax interchange format). */
function paxRecords(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^\d+ ([^=]+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]));
}

const padded = (data: Uint8Array): Uint8Array =>
  joined([data, new Uint8Array((BLOCK - (data.length % BLOCK)) % BLOCK)]);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

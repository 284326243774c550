/**
 * Client certificates (apiserver/pkg/authentication/request/x509): the common name is the user, organizations are groups. There is no
 * TLS inside the lab: clients bring them in the header `Client-Cert` (RFC 9440), and nobody checks the authority's signature.
 */

import { fromBase64 } from '../base64.ts';
import { AUTHENTICATED, type User } from './user.ts';

const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
/** X.520: 2.5.4.3 and 2.5.4.10. */
const COMMON_NAME = '55 04 03';
const ORGANIZATION = '55 04 0a';
/** Whoever kubeadm's authority is. */
const AUTHORITY = 'kubernetes';

interface Element {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

interface Certificate {
  readonly user: User;
  readonly notBefore: number;
  readonly notAfter: number;
}

let last: { readonly header: string; readonly certificate: Certificate | undefined } | undefined;

/** Undefined for a certificate of somebody else's authority, or one that is not good now. */
export function certificateUser(header: string, now: number): User | undefined {
  if (last?.header !== header) last = { header, certificate: read(header) };
  const { certificate } = last;
  return certificate && certificate.notBefore <= now && now <= certificate.notAfter ? certificate.user : undefined;
}

function read(header: string): Certificate | undefined {
  try {
    const [body] = children(elements(fromBase64(header.replace(/^:|:$/g, '')))[0]!);
    const fields = children(body!).filter(({ tag }) => tag !== VERSION);
    const [, , issuer, validity, subject] = fields;
    if (names(issuer!, COMMON_NAME)[0] !== AUTHORITY) return undefined;
    const [notBefore = 0, notAfter = 0] = children(validity!).map(time);
    const name = names(subject!, COMMON_NAME)[0];
    if (!name) return undefined;
    return { user: { name, groups: [...names(subject!, ORGANIZATION), AUTHENTICATED] }, notBefore, notAfter };
  } catch {
    return undefined;
  }
}

/** What of a distinguished name is of one kind. */
const names = (name: Element, kind: string): string[] =>
  children(name)
    .filter(({ tag }) => tag === SET)
    .flatMap((set) => children(set))
    .map((pair) => children(pair))
    .filter(([type]) => type && hex(type.bytes) === kind)
    .map(([, value]) => new TextDecoder().decode(value!.bytes));

function time({ tag, bytes }: Element): number {
  const text = new TextDecoder().decode(bytes);
  const digits = tag === UTC_TIME ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  return Date.parse(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

const children = ({ tag, bytes }: Element): Element[] =>
  tag === SEQUENCE || tag === SET ? elements(bytes) : [{ tag, bytes }];

/** DER: tag, length, value. */
function elements(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    let length = bytes[at + 1]!;
    let start = at + 2;
    if (length & 0x80) {
      const size = length & 0x7f;
      length = 0;
      for (const byte of bytes.subarray(start, start + size)) length = length * 256 + byte;
      start += size;
    }
    if (start + length > bytes.length) throw new RangeError('the element is longer than what is there');
    found.push({ tag, bytes: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

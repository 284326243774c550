/** The formats that a schema may ask of a string (kube-openapi pkg/validation/strfmt, apiextensions pkg/apiserver/validation/formats.go). */

import { parseTime } from '../time.ts';

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

function isIpv6(text: string): boolean {
  if (!text.includes(':')) return false;
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return false;
  const words = (part: string) => (part === '' ? [] : part.split(':'));
  const all = [...words(head), ...words(tail ?? '')];
  const last = all.at(-1) ?? '';
  const count = all.length + (IPV4.test(last) ? 1 : 0);
  if (!all.every((word, i) => /^[0-9a-f]{1,4}$/i.test(word) || (i === all.length - 1 && IPV4.test(word)))) return false;
  return tail === undefined ? count === 8 : count < 8;
}

function isUri(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\S+|\/\S*)$/i.test(text);
}

function isCidr(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (bits === undefined || more.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return IPV4.test(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

const HOSTNAME =
  /^(?=.{1,253}$)[a-zA-Z0-9\u00a0-\uffff](?:[a-zA-Z0-9\u00a0-\uffff-]*[a-zA-Z0-9\u00a0-\uffff])?(?:\.[a-zA-Z0-9\u00a0-\uffff-]+)*\.?$/;

/** What has no entry here is not checked. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: isCidr,
  creditcard: matches(/^(?:\d[ -]?){12,18}\d$/),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/i.test(text) && !Number.isNaN(parseTime(text)),
  datetime: (text) => !Number.isNaN(Date.parse(text)),
  duration: matches(/^[+-]?(?:\d+(?:\.\d*)?\s?(?:ns|us|µs|ms|s|m|h|d|w|[a-z]+)\s?)+$/i),
  email: matches(/^[^@\s]+@[^@\s]+$/),
  hexcolor: matches(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i),
  hostname: matches(HOSTNAME),
  ipv4: matches(IPV4),
  ipv6: isIpv6,
  isbn: matches(/^(?:97[89][- ]?)?(?:\d[- ]?){9}[\dX]$/i),
  isbn10: matches(/^(?:\d[- ]?){9}[\dX]$/i),
  isbn13: matches(/^97[89][- ]?(?:\d[- ]?){9}\d$/),
  'k8s-long-name': matches(/^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/),
  'k8s-short-name': matches(/^(?=.{1,63}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/),
  mac: matches(/^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i),
  password: () => true,
  rgbcolor: matches(/^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: isUri,
  uuid: matches(UUID),
  uuid3: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid4: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  uuid5: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
};

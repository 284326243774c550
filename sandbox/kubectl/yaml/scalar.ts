/** What a YAML 1.1 scalar means (go.yaml.in/yaml/v2 resolve.go). */

import { fromBase64 } from '../../api/base64.ts';
import { decode } from '../text.ts';
import { ConversionError, YamlError } from './scanner.ts';

const WORDS = new Map<string, boolean | null | number>([
  ...['', '~', 'null', 'Null', 'NULL'].map((w) => [w, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((w) => [w, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((w) => [w, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((w) => [w, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((w) => [w, Number.NEGATIVE_INFINITY] as const),
]);

const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const TIMESTAMP = /^\d{4}-\d\d?-\d\d?([Tt ]|$)/;
const TIMESTAMP_FULL = /^\d{4}-\d\d?-\d\d?([Tt ]+\d\d?:\d\d:\d\d(\.\d+)?( ?(Z|[-+]\d\d?(:?\d\d)?))?)?$/;

export type Resolved = {
  readonly tag: 'str' | 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'merge';
  readonly value: string | number | boolean | null;
};

/** The type and value of an unquoted scalar. */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word === null) return { tag: 'null', value: null };
  if (typeof word === 'boolean') return { tag: 'bool', value: word };
  if (typeof word === 'number') return { tag: 'float', value: word };
  if (text === '<<') return { tag: 'merge', value: text };
  if (!/^[-+.\d]/.test(text)) return { tag: 'str', value: text };
  if (TIMESTAMP.test(text) && TIMESTAMP_FULL.test(text)) return { tag: 'timestamp', value: text };
  const plain = text.replaceAll('_', '');
  const integer = parseInteger(plain);
  // What no 64 bits hold is a float.
  if (integer !== undefined)
    return { tag: integer < 2 ** 64 && integer >= -(2 ** 63) ? 'int' : 'float', value: integer };
  // strconv.ParseFloat: out of range is no number.
  if (FLOAT.test(plain) && Number.isFinite(Number(plain))) return { tag: 'float', value: Number(plain) };
  return { tag: 'str', value: text };
}

function parseInteger(text: string): number | undefined {
  const [, sign, digits] = /^([-+]?)(.*)$/s.exec(text)!;
  let value: number | undefined;
  if (/^(0|[1-9]\d*)$/.test(digits!)) value = Number(digits);
  else if (/^0[xX][\da-fA-F]+$/.test(digits!) || /^0[bB][01]+$/.test(digits!) || /^0[oO][0-7]+$/.test(digits!))
    value = Number(digits);
  else if (/^0[0-7]+$/.test(digits!)) value = Number.parseInt(digits!, 8);
  if (value === undefined) return undefined;
  return sign === '-' ? -value : value;
}

/** base64.StdEncoding: whole quads, with their padding; line breaks do not count. */
function fromBinary(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain))
    throw new YamlError('!!binary value contains invalid base64 data');
  return decode(fromBase64(plain));
}

export function resolveScalar(text: string, plain: boolean, tag: string): string | number | boolean | null {
  if (tag === '!!str' || tag === '!' || (tag === '' && !plain)) return text;
  if (tag === '!!binary') return fromBinary(text);
  const resolved = resolvePlain(text);
  if (tag === '!!float' && resolved.tag === 'int') return resolved.value;
  const wanted = tag.replace(/^!!/, '');
  if (tag.startsWith('!!') && ['int', 'bool', 'null', 'float'].includes(wanted) && wanted !== resolved.tag) {
    throw new YamlError(`cannot decode !!str \`${text}\` as a ${tag}`);
  }
  if (resolved.tag === 'float' && typeof resolved.value === 'number' && !Number.isFinite(resolved.value)) {
    throw new ConversionError(
      `json: unsupported value: ${Number.isNaN(resolved.value) ? 'NaN' : resolved.value > 0 ? '+Inf' : '-Inf'}`,
    );
  }
  return resolved.value;
}

/** A float that is a key: its shortest form as a float32, in %g (sigs.k8s.io/yaml, convertToJSONableObject). */
export function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let digits = 1;
  while (Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  const [mantissa, exponent] = single.toExponential(digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(single.toPrecision(digits)));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

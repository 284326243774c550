/** `config set` and `config unset`: one value by its dotted name (kubectl pkg/cmd/config/set.go, navigation_step_parser.go). */

import { fromBase64, toBase64 } from '../../../api/base64.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { type Field, SECTIONS, type Section } from '../../config/fields.ts';
import { type Kubeconfig, section } from '../../config/kubeconfig.ts';
import { modifyConfig } from '../../config/modify.ts';
import { sortedNames } from '../../config/paths.ts';
import { encode, quote } from '../../text.ts';
import { expectArguments } from './usage.ts';

export const set: Command = {
  name: 'set',
  flags: 'set-raw-bytes=false',
  *run(session) {
    yield* expectArguments(session, 2);
    const [property = '', value = ''] = session.args;
    if (value === '') throw new CommandError('you cannot use set to unset a property');
    if (property === '') throw new CommandError('you must specify a property');
    const raw = session.flags.bool('set-raw-bytes');
    yield* modifyConfig(session, (config) => setProperty(config, property, value, raw));
    yield* session.out(`Property ${quote(property)} set.\n`);
  },
};

export const unset: Command = {
  name: 'unset',
  *run(session) {
    yield* expectArguments(session, 1);
    const [property = ''] = session.args;
    yield* modifyConfig(session, (config) => unsetProperty(config, property));
    yield* session.out(`Property ${quote(property)} unset.\n`);
  },
};

interface Place {
  readonly section: Section;
  readonly name: string;
  readonly field?: string;
  readonly type?: Field;
}

/** An entry's name may hold dots: it ends where a field's name begins. */
function placeOf(property: string): Place | 'current-context' | readonly ['preferences', string] {
  const [head = '', ...rest] = property.split('.');
  if (head === 'current-context' && rest.length === 0) return head;
  if (head === 'preferences') return [head, rest[0] ?? ''];
  if (!Object.hasOwn(SECTIONS, head)) throw new CommandError(`unable to parse ${property} after [] at api.Config`);
  const { fields } = SECTIONS[head as Section];
  const at = rest.findIndex((part, i) => i > 0 && Object.hasOwn(fields, part));
  const name = (at < 0 ? rest : rest.slice(0, at)).join('.');
  if (at < 0) return { section: head as Section, name };
  if (rest.length > at + 1) throw new CommandError(`unable to parse one or more field values of ${property}`);
  return { section: head as Section, name, field: rest[at]!, type: (fields as Record<string, Field>)[rest[at]!] };
}

const isPreference = (place: ReturnType<typeof placeOf>): place is readonly ['preferences', string] =>
  Array.isArray(place);

function setProperty(config: Kubeconfig, property: string, value: string, raw: boolean): void {
  const place = placeOf(property);
  if (place === 'current-context') config.currentContext = value;
  else if (isPreference(place)) config.preferences = { ...config.preferences, [place[1]]: boolean(value) };
  else {
    const map = section(config, place.section);
    if (!place.field) {
      // Go prints the pointers in the map.
      const pointers = sortedNames(map).map((name, i) => `${name}:0xc000${(0x146000 + i * 0x80).toString(16)}`);
      throw new CommandError(`can't set a map to a value: map[${pointers.join(' ')}]`);
    }
    map.set(place.name, { ...map.get(place.name), [place.field]: typed(place.type!, value, raw) });
  }
}

function typed({ type }: Field, value: string, raw: boolean): unknown {
  if (type === 'bool') return boolean(value);
  if (type !== 'bytes') return value;
  if (raw) return toBase64(encode(value));
  const bad = /[^A-Za-z0-9+/=]/.exec(value);
  if (bad || value.length % 4 !== 0) {
    const at = bad ? bad.index : value.length - (value.length % 4);
    throw new CommandError(`error decoding input value: illegal base64 data at input byte ${at}`);
  }
  return toBase64(fromBase64(value));
}

function boolean(value: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false;
  throw new CommandError(`strconv.ParseBool: parsing ${quote(value)}: invalid syntax`);
}

function unsetProperty(config: Kubeconfig, property: string): void {
  const place = placeOf(property);
  if (place === 'current-context') config.currentContext = '';
  else if (isPreference(place)) config.preferences = undefined;
  else {
    const map = section(config, place.section);
    if (place.name === '') map.clear();
    else if (!place.field) map.delete(place.name);
    else if (!map.has(place.name)) throw new CommandError(`current map key \`${place.name}\` is invalid`);
    else map.set(place.name, { ...map.get(place.name), [place.field]: undefined });
  }
}

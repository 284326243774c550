/** What a field is, in the cluster's own words. */

import type { FieldHelp, KindHelp } from '../../sandbox/channel/files.ts';
import { documentAt, fieldOn, placeAt } from './place.ts';

/** Where the words come from: the cluster that is served now. */
export interface Knowledge {
  kinds(): Promise<readonly KindHelp[]>;
  fieldHelp(apiVersion: string, kind: string, path: readonly string[]): Promise<FieldHelp | undefined>;
}

export interface FieldText {
  /** `spec.accessModes` */
  readonly path: string;
  readonly type: string;
  readonly description: string;
  readonly values: readonly string[];
  /** Where its name stands in the file. */
  readonly from: number;
  readonly to: number;
}

export async function helpAt(text: string, at: number, knowledge: Knowledge): Promise<FieldText | undefined> {
  const document = documentAt(text, at);
  const field = fieldOn(document.text, at - document.from) ?? above(document.text, at - document.from);
  if (!field || document.kind === '' || document.apiVersion === '') return undefined;
  const help = await knowledge.fieldHelp(document.apiVersion, document.kind, field.path);
  if (!help) return undefined;
  const { type, description, values } = help;
  const [from, to] = [document.from + field.from, document.from + field.to];
  return { path: field.path.join('.'), type, description, values, from, to };
}

/** On an item's line that names nothing, and on an empty one: the field that it belongs to. */
function above(text: string, at: number): ReturnType<typeof fieldOn> {
  const end = text.indexOf('\n', at);
  const place = placeAt(text, end < 0 ? text.length : end);
  return place && place.path.length > 0 ? { path: [...place.path], from: at, to: at } : undefined;
}

export function helpElement({ path, type, description, values }: FieldText): HTMLElement {
  const element = document.createElement('div');
  element.className = 'field-help';
  const name = document.createElement('p');
  const code = document.createElement('code');
  code.textContent = path;
  name.append(code, ` <${type}>`);
  const words = document.createElement('p');
  words.textContent = description;
  element.append(name, words);
  if (values.length > 0) {
    const list = document.createElement('p');
    list.textContent = values.join(', ');
    element.append(list);
  }
  return element;
}

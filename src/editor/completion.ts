/** Names and values that may stand at a place of a manifest, from the kinds and fields that the cluster serves. */

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { FieldHelp } from '../../sandbox/channel/files.ts';
import type { Knowledge } from './help.ts';
import { documentAt, type Place, placeAt } from './place.ts';

/** What every object has, before its kind is known. */
const FIRST = ['apiVersion', 'kind', 'metadata'];

export function completionSource(knowledge: Knowledge, required: string) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const document = documentAt(context.state.doc.toString(), context.pos);
    const place = placeAt(document.text, context.pos - document.from);
    if (!place) return null;
    // Unasked only where something is being typed.
    if (!context.explicit && place.typed === '') return null;
    const options = await optionsAt(place, document, knowledge, required);
    // What is whole already needs no offer: Enter goes to the next line.
    const whole = (text: string) => !context.explicit && options.some(({ label }) => label === text);
    if (options.length === 0 || whole(place.typed)) return null;
    return {
      from: context.pos - place.typed.length,
      options,
      validFor: (text) => /^[\w./-]*$/.test(text) && !whole(text),
    };
  };
}

export async function optionsAt(
  place: Place,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  knowledge: Knowledge,
  required: string,
): Promise<Completion[]> {
  const { path, at } = place;
  if (at === 'value' && path.length === 1 && path[0] === 'apiVersion') {
    const kinds = await knowledge.kinds();
    const fitting = kinds.filter((one) => kind === '' || one.kind === kind);
    return [...new Set((fitting.length > 0 ? fitting : kinds).map((one) => one.apiVersion))].map((label) => ({
      label,
    }));
  }
  if (at === 'value' && path.length === 1 && path[0] === 'kind') {
    const kinds = (await knowledge.kinds()).filter((one) => apiVersion === '' || one.apiVersion === apiVersion);
    return kinds.map((one) => ({ label: one.kind, detail: one.apiVersion }));
  }
  const help = apiVersion && kind ? await knowledge.fieldHelp(apiVersion, kind, path) : undefined;
  if (!help)
    return at === 'name' && path.length === 0
      ? FIRST.filter((name) => !place.beside.includes(name)).map(plainName)
      : [];
  if (at === 'value') return values(help);
  return [...(place.item ? values(help) : []), ...names(help, place, required)];
}

const plainName = (name: string): Completion => ({
  label: name,
  apply: name === 'metadata' ? 'metadata:\n  ' : `${name}: `,
});

const values = ({ type, values: known }: FieldHelp): Completion[] =>
  (type === 'boolean' ? ['true', 'false'] : known).filter(Boolean).map((label) => ({ label, type: 'enum' }));

function names({ fields }: FieldHelp, place: Place, required: string): Completion[] {
  return fields
    .filter(({ name }) => !place.beside.includes(name) && !(place.path.length === 0 && name === 'status'))
    .map((field) => ({
      label: field.name,
      detail: field.required ? `${field.type}, ${required}` : field.type,
      info: field.description || undefined,
      boost: field.required ? 1 : 0,
      apply: field.name + opening(field.type, place.column),
    }));
}

/** What a field's name is followed by: a value on the line, a map or a list below it. */
function opening(type: string, column: number): string {
  const below = `:\n${' '.repeat(column + 2)}`;
  if (type.startsWith('[]')) return `:\n${' '.repeat(column + 2)}- `;
  return isScalar(type) ? ': ' : below;
}

const isScalar = (type: string): boolean =>
  /^(?:string|integer|number|boolean|Quantity|IntOrString|Time|MicroTime)$/.test(type);

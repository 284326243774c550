/** What label, annotate, set and their sisters share: find, change, send the difference as a patch, print. */

import type { JsonObject } from '../../api/object.ts';
import { createMergePatch } from '../../api/patch/merge.ts';
import { createTwoWayMergePatch } from '../../api/patch/strategic-diff.ts';
import { schemaFor } from '../apply/schema.ts';
import { compactJson } from '../printers/json.ts';
import type { Info, KObject } from '../resource/info.ts';

/** `{}` when nothing differs; strategic for built-in kinds. */
export function differencePatch(
  info: Info,
  before: KObject,
  after: KObject,
): { patch: string; type: 'strategic' | 'merge' } {
  const schema = schemaFor(info.mapping);
  const [a, b] = [before as JsonObject, after as JsonObject];
  return schema
    ? { patch: compactJson(createTwoWayMergePatch(a, b, schema)), type: 'strategic' }
    : { patch: compactJson(createMergePatch(a, b)), type: 'merge' };
}

/** `key=value` sets, `key-` removes; shared by label and annotate. */
export interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** Splits words into resources and `key=value`/`key-` pairs (cmdutil.GetResourcesAndPairs). */
export function resourcesAndPairs(args: readonly string[]): { resources: string[]; pairs: string[] } {
  const isPair = (word: string) =>
    (word.includes('=') && !word.startsWith('=')) || (word.endsWith('-') && word.length > 1);
  const first = args.findIndex(isPair);
  return first < 0
    ? { resources: [...args], pairs: [] }
    : { resources: args.slice(0, first), pairs: args.slice(first) };
}

/** The map after the change; undefined if it ends up empty. */
export function changed(
  map: Readonly<Record<string, string>> | undefined,
  { set, remove }: Changes,
): Record<string, string> {
  const out: Record<string, string> = { ...map };
  for (const [key, value] of set) out[key] = value;
  for (const key of remove) delete out[key];
  return out;
}

/** Which names a definition gets, and who had them before (apiextensions-apiserver pkg/controller/status/naming_controller.go). */

import type { CustomResourceDefinition, DefinitionCondition, Names } from './types.ts';
import { orderedNames } from './types.ts';

export interface Accepted {
  readonly names: Names;
  readonly namesAccepted: DefinitionCondition;
}

/** Names that conflict are not accepted; the last conflict found is told. */
export function acceptedNames(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): Accepted {
  const wanted = definition.spec.names;
  const has = definition.status?.acceptedNames ?? { plural: '', kind: '' };
  const taken = others
    .filter(({ spec }) => spec.group === definition.spec.group)
    .map(({ status }) => status?.acceptedNames);
  const resources = new Set(taken.flatMap((names) => [names?.plural, names?.singular, ...(names?.shortNames ?? [])]));
  const kinds = new Set(taken.flatMap((names) => [names?.kind, names?.listKind]));
  let names: Names = has;
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const claim = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    used: ReadonlySet<string | undefined>,
    reason: string,
  ) => {
    const name = wanted[field];
    if (name !== has[field] && used.has(name))
      conflict = { reason, message: `${JSON.stringify(name)} is already in use` };
    else names = { ...names, [field]: name };
  };
  claim('plural', resources, 'PluralConflict');
  claim('singular', resources, 'SingularConflict');
  const used = (wanted.shortNames ?? []).filter((name) => !has.shortNames?.includes(name) && resources.has(name));
  if (used.length > 0) {
    const texts = [...new Set(used)].map((name) => `${JSON.stringify(name)} is already in use`);
    conflict = { reason: 'ShortNamesConflict', message: texts.length > 1 ? `[${texts.join(', ')}]` : texts[0]! };
  } else names = withList(names, 'shortNames', wanted.shortNames);
  claim('kind', kinds, 'KindConflict');
  claim('listKind', kinds, 'ListKindConflict');
  return {
    names: orderedNames(withList(names, 'categories', wanted.categories)),
    namesAccepted: {
      type: 'NamesAccepted',
      ...(conflict
        ? { status: 'False', ...conflict }
        : { status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }),
    },
  };
}

function withList(names: Names, field: 'shortNames' | 'categories', list: readonly string[] | undefined): Names {
  const { [field]: _, ...rest } = names;
  return list?.length ? { ...rest, [field]: list } : rest;
}

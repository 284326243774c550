/** A validating policy's expressions held against the schemas of what it is about (apiserver pkg/admission/plugin/policy/validating/typechecking.go). */

import type { JsonSchema } from '../../apiextensions/types.ts';
import { builtInType, customType, type Declarations } from '../../cel/declarations.ts';
import { type CelType, DYN, structOf } from '../../cel/type.ts';
import type { ServedResource } from '../../client.ts';
import { definition } from '../../schema/schemas.ts';
import { policyDeclarations } from './declarations.ts';
import type { ExpressionWarning, Rule, ValidatingAdmissionPolicy } from './types.ts';

const MAX_TYPES = 10;

export function expressionWarnings(
  { spec = {} }: ValidatingAdmissionPolicy,
  served: readonly ServedResource[],
): readonly ExpressionWarning[] {
  const kinds = kindsToCheck(spec.matchConstraints?.resourceRules ?? [], served);
  const { paramKind, variables = [] } = spec;
  const params =
    paramKind && served.find((each) => groupVersion(each) === paramKind.apiVersion && each.kind === paramKind.kind);
  const checks = kinds.map((kind) => ({ kind, declarations: declarationsOf(kind, params, variables) }));
  const warningsOf = (fieldRef: string, expression: string | undefined): readonly ExpressionWarning[] => {
    if (!expression) return [];
    const problems = checks.flatMap(({ kind, declarations }) => {
      const checked = declarations.check(expression);
      const name = `${kind.group}/${kind.version}, Kind=${kind.kind}`;
      return 'problem' in checked ? [`${name}: ${checked.problem}\n`] : [];
    });
    return problems.length > 0 ? [{ fieldRef, warning: problems.join('\n') }] : [];
  };
  return (spec.validations ?? []).flatMap(({ expression, messageExpression }, i) => [
    ...warningsOf(`spec.validations[${i}].expression`, expression),
    ...warningsOf(`spec.validations[${i}].messageExpression`, messageExpression),
  ]);
}

const groupVersion = ({ group, version }: ServedResource): string => (group ? `${group}/${version}` : version);

/** Those that a rule names, in order; a rule with a star in its groups or versions names none. */
function kindsToCheck(rules: readonly Rule[], served: readonly ServedResource[]): readonly ServedResource[] {
  const found = new Set<ServedResource>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of rules) {
    if ([...apiGroups, ...apiVersions].some((each) => each.includes('*'))) continue;
    for (const each of served)
      if (apiGroups.includes(each.group) && apiVersions.includes(each.version) && resources.includes(each.name))
        found.add(each);
  }
  const key = ({ group, version, kind }: ServedResource) => `${group}\n${version}\n${kind}`;
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, MAX_TYPES);
}

function declarationsOf(
  kind: ServedResource,
  params: ServedResource | undefined,
  variables: readonly { readonly name: string; readonly expression: string }[],
): Declarations {
  const known = {
    params: params !== undefined,
    authorizer: true,
    object: typeOf(kind, 'Object'),
    ...(params && { paramsType: typeOf(params, 'Params') }),
  };
  const types: Record<string, CelType> = {};
  const declare = () => {
    const declarations = policyDeclarations(known);
    return variables.length > 0
      ? declarations.variable('variables', structOf('kubernetes.variables', types))
      : declarations;
  };
  // One that does not compile may be anything.
  for (const { name, expression } of variables) {
    const checked = declare().check(expression);
    types[name] = 'type' in checked ? checked.type : DYN;
  }
  return declare();
}

const typeOf = ({ schema, openApi }: ServedResource, name: string): CelType =>
  openApi ? customType(openApi.schema as JsonSchema, name, true) : builtInType(definition(schema), name);

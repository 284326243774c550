/** CustomResourceDefinition and the JSON schemas in it (apiextensions-apiserver pkg/apis/apiextensions/v1/types.go, types_jsonschema.go). */

import type { Json, KubeObject } from '../object.ts';

export interface JsonSchema {
  readonly $ref?: string;
  readonly id?: string;
  readonly description?: string;
  readonly title?: string;
  readonly type?: string;
  readonly format?: string;
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly dependencies?: Json;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly additionalItems?: Json;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export interface Names {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

export interface ScaleSubresource {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema };
  readonly subresources?: { readonly status?: object; readonly scale?: ScaleSubresource };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface Conversion {
  readonly strategy: string;
  readonly webhook?: {
    readonly clientConfig?: {
      readonly url?: string;
      readonly service?: {
        readonly namespace: string;
        readonly name: string;
        readonly path?: string;
        readonly port?: number;
      };
    };
    readonly conversionReviewVersions?: readonly string[];
  };
}

export interface DefinitionCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface DefinitionSpec {
  readonly group: string;
  readonly names: Names;
  readonly scope: string;
  readonly versions: readonly DefinitionVersion[];
  readonly conversion?: Conversion;
  readonly preserveUnknownFields?: boolean;
}

export interface DefinitionStatus {
  readonly conditions?: readonly DefinitionCondition[];
  readonly acceptedNames?: Names;
  readonly storedVersions?: readonly string[];
}

export interface CustomResourceDefinition extends KubeObject {
  readonly spec: DefinitionSpec;
  readonly status?: DefinitionStatus;
}

export const hasCondition = ({ status }: CustomResourceDefinition, type: string): boolean =>
  status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;

/** SetCRDCondition: replaced where it stands; its time is kept while its status is. */
export function withCondition(
  status: DefinitionStatus | undefined,
  condition: DefinitionCondition,
  now: string,
): DefinitionStatus {
  const conditions = status?.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  const time = before?.status === condition.status ? before.lastTransitionTime : now;
  const { type, status: is, ...why } = condition;
  const timed = { type, status: is, ...(time !== undefined && { lastTransitionTime: time }), ...why };
  return {
    ...status,
    conditions: before ? conditions.map((each) => (each === before ? timed : each)) : [...conditions, timed],
  };
}

/** In the order in which Go writes them. */
export const orderedNames = ({ plural, singular, shortNames, kind, listKind, categories }: Names): Names => ({
  plural,
  ...(singular && { singular }),
  ...(shortNames?.length && { shortNames }),
  kind,
  ...(listKind && { listKind }),
  ...(categories?.length && { categories }),
});

export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

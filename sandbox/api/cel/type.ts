/** CEL's static types, and how cel-go writes them (cel-go common/types/types.go, checker/format.go). */

export interface CelType {
  readonly kind: 'scalar' | 'list' | 'map' | 'struct' | 'opaque' | 'type' | 'param' | 'dyn' | 'error' | 'null';
  readonly name: string;
  readonly params: readonly CelType[];
  /** Of a struct: what can be selected. */
  readonly fields?: Readonly<Record<string, CelType>>;
}

const plain = (kind: CelType['kind'], name: string): CelType => ({ kind, name, params: [] });
const scalar = (name: string): CelType => plain('scalar', name);

export const DYN = plain('dyn', 'dyn');
export const ERROR = plain('error', '!error!');
export const NULL = plain('null', 'null');
export const BOOL = scalar('bool');
export const BYTES = scalar('bytes');
export const DOUBLE = scalar('double');
export const DURATION = scalar('duration');
export const INT = scalar('int');
export const STRING = scalar('string');
export const TIMESTAMP = scalar('timestamp');
export const UINT = scalar('uint');

export const listOf = (item: CelType): CelType => ({ kind: 'list', name: 'list', params: [item] });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', name: 'map', params: [key, value] });
export const optionalOf = (of: CelType): CelType => ({ kind: 'opaque', name: 'optional_type', params: [of] });
export const typeOf = (of: CelType): CelType => ({ kind: 'type', name: 'type', params: [of] });
export const typeParam = (name: string): CelType => plain('param', name);
export const structOf = (name: string, fields: Readonly<Record<string, CelType>> = {}): CelType => ({
  kind: 'struct',
  name,
  params: [],
  fields,
});

export const isOptional = ({ kind, name }: CelType): boolean => kind === 'opaque' && name === 'optional_type';
export const isDynOrError = ({ kind }: CelType): boolean => kind === 'dyn' || kind === 'error';

export const isExactly = (a: CelType, b: CelType): boolean =>
  a === b ||
  (a.kind === b.kind &&
    a.name === b.name &&
    a.params.length === b.params.length &&
    a.params.every((param, i) => isExactly(param, b.params[i]!)));

/** FormatCELType. */
export const typeText = ({ name, params }: CelType): string =>
  params.length === 0 ? name : `${name}(${params.map(typeText).join(', ')})`;

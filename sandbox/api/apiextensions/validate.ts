/**
 * A value against its schema, in kube-openapi's words and order (kube-openapi pkg/validation/validate, apiextensions pkg/apiserver/validation).
 * With an old value, what did not change is not held against it (validation ratcheting).
 */

import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import type { Json, JsonObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { regexp } from '../regexp.ts';
import type { FieldError } from '../resource.ts';
import { invalid, notSupported, required, tooLong, tooMany } from '../resources/validation/errors.ts';
import { FORMATS } from './formats.ts';
import type { JsonSchema } from './types.ts';

/** The value that an old one is told by. */
type Old = { readonly value: Json | undefined } | undefined;

/** `field` is where the value stands in the object; the messages name paths below it only. */
export function schemaErrors(value: Json, schema: JsonSchema, field = '', old?: Old): readonly FieldError[] {
  return new Validation(field).of(value, schema, '', old).errors;
}

/** Errors, and how many checks were made: the alternative with most of them tells its errors. */
class Result {
  readonly errors: FieldError[] = [];
  matches = 0;

  merge(other: Result): void {
    this.errors.push(...other.errors);
    this.matches += other.matches;
  }
}

const typesOf = (schema: JsonSchema): readonly string[] =>
  schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];

/** schemaInfoForType. */
function typeOf(value: Json): readonly [type: string, format: string] {
  if (Array.isArray(value)) return ['array', ''];
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'int64'] : ['number', 'float64'];
  return [typeof value, ''];
}

class Validation {
  readonly #field: string;

  constructor(field: string) {
    this.#field = field;
  }

  of(value: Json, schema: JsonSchema, path: string, old?: Old): Result {
    const result = new Result();
    if (old && old.value !== undefined && equal(old.value, value)) return result;
    this.#type(value, schema, path, result);
    if (value === null) {
      this.#enum(value, schema, path, result);
      return result;
    }
    this.#alternatives(value, schema, path, result);
    if (typeof value === 'string') this.#string(value, schema, path, result);
    if (typeof value === 'number') this.#number(value, schema, path, result);
    if (Array.isArray(value)) this.#list(value, schema, path, result, old);
    this.#enum(value, schema, path, result);
    if (isJsonObject(value)) this.#object(value, schema, path, result, old);
    result.matches++;
    return result;
  }

  #at(path: string): string {
    const inner = path.replace(/^\./, '');
    if (!this.#field) return inner || '<nil>';
    return inner ? `${this.#field}.${inner}` : this.#field;
  }

  #invalid(path: string, value: unknown, why: string): FieldError {
    return invalid(this.#at(path), value, `${path} in body ${why}`);
  }

  /** What is no error of one field (errors.CompositeError and plain errors). */
  #plain(why: string): FieldError {
    return invalid(this.#field || '<nil>', '', why);
  }

  #wrongType(path: string, expected: string, actual: string): FieldError {
    const error = this.#invalid(path, actual, `must be of type ${expected}: ${JSON.stringify(actual)}`);
    return { ...error, type: 'FieldValueTypeInvalid' };
  }

  #type(value: Json, schema: JsonSchema, path: string, result: Result): void {
    const types = typesOf(schema);
    const { format } = schema;
    if (types.length === 0 && !format) return;
    result.matches++;
    if (value === null) {
      if (types.length > 0 && !schema.nullable) result.errors.push(this.#wrongType(path, types.join(','), 'null'));
      return;
    }
    const [type, valueFormat] = typeOf(value);
    const numeric = types.includes('number') || types.includes('integer');
    const fits = types.includes(type) || (type === 'integer' && types.includes('number'));
    const written = typeof value === 'string' || Array.isArray(value);
    if (!written && format && !(fits || valueFormat === format))
      result.errors.push(this.#wrongType(path, format, valueFormat));
    else if (!numeric && format && written) return;
    else if (!fits) result.errors.push(this.#wrongType(path, types.join(','), type));
  }

  #alternatives(
    value: Json,
    { anyOf = [], oneOf = [], allOf = [], not }: JsonSchema,
    path: string,
    result: Result,
  ): void {
    const quoted = JSON.stringify(path);
    const results = (schemas: readonly JsonSchema[]) => schemas.map((schema) => this.of(value, schema, path));
    const best = (failed: readonly Result[]) => failed.reduce((a, b) => (b.matches > a.matches ? b : a));
    if (anyOf.length > 0) {
      const all = results(anyOf);
      if (!all.some(({ errors }) => errors.length === 0)) {
        result.errors.push(this.#plain(`${quoted} must validate at least one schema (anyOf)`));
        result.merge(best(all));
      }
    }
    if (oneOf.length > 0) {
      const all = results(oneOf);
      const valid = all.filter(({ errors }) => errors.length === 0).length;
      if (valid !== 1) {
        const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
        result.errors.push(this.#plain(`${quoted} must validate one and only one schema (oneOf). ${found}`));
        if (valid === 0) result.merge(best(all));
      }
    }
    if (allOf.length > 0) {
      const all = results(allOf);
      for (const each of all) result.merge(each);
      const valid = all.filter(({ errors }) => errors.length === 0).length;
      if (valid < all.length) {
        const none = valid === 0 ? '. None validated' : '';
        result.errors.push(this.#plain(`${quoted} must validate all the schemas (allOf)${none}`));
      }
    }
    if (not && this.of(value, not, path).errors.length === 0)
      result.errors.push(this.#plain(`${quoted} must not validate the schema (not)`));
    result.matches += 2;
  }

  /** The first that does not hold, then the format. */
  #string(value: string, schema: JsonSchema, path: string, { errors }: Result): void {
    const { minLength, maxLength, pattern, format } = schema;
    const length = [...value].length;
    if (maxLength !== undefined && length > maxLength) errors.push(tooLong(this.#at(path), maxLength));
    else if (minLength !== undefined && length < minLength)
      errors.push(this.#invalid(path, value, `should be at least ${minLength} chars long`));
    else if (pattern && !matchesPattern(pattern, value))
      errors.push(this.#invalid(path, value, `should match '${pattern}'`));
    if (format && FORMATS[format]?.(value) === false)
      errors.push({
        ...this.#invalid(path, value, `must be of type ${format}: ${JSON.stringify(value)}`),
        type: 'FieldValueTypeInvalid',
      });
  }

  #number(value: number, schema: JsonSchema, path: string, { errors }: Result): void {
    const { type = '', format, multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
    const ranged = (number: number, what: string): boolean => {
      const fits = type !== 'integer' || (Number.isInteger(number) && (format !== 'int32' || number === (number | 0)));
      if (fits) return true;
      const as = format === 'int32' || format === 'int64' ? ` with format ${format}` : ' (default format)';
      errors.push(this.#plain(`${what} value must be of type integer${as} in ${path}`));
      return false;
    };
    ranged(value, 'Checked');
    const whole = Number.isInteger(value);
    if (multipleOf !== undefined) {
      const factor = ranged(multipleOf, 'MultipleOf') && whole ? Math.trunc(multipleOf) : multipleOf;
      if (factor <= 0)
        errors.push(
          invalid(this.#at(path), factor, `factor MultipleOf declared for ${path} must be positive: ${factor}`),
        );
      else if (!Number.isInteger(factor < 1 ? (1 / factor) * value : value / factor))
        errors.push(this.#invalid(path, value, `should be a multiple of ${factor}`));
    }
    if (minimum !== undefined && ranged(minimum, 'Minimum boundary')) {
      if (exclusiveMinimum ? value <= minimum : value < minimum)
        errors.push(
          this.#invalid(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`),
        );
    }
    if (maximum !== undefined && ranged(maximum, 'Maximum boundary')) {
      if (exclusiveMaximum ? value >= maximum : value > maximum)
        errors.push(
          this.#invalid(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`),
        );
    }
  }

  #list(value: readonly Json[], schema: JsonSchema, path: string, result: Result, old: Old): void {
    const { items, minItems, maxItems, uniqueItems } = schema;
    if (items)
      for (const [i, item] of value.entries())
        result.merge(this.of(item, items, `${path}[${i}]`, oldItem(item, schema, old)));
    if (minItems !== undefined && value.length < minItems)
      result.errors.push(this.#invalid(path, value.length, `should have at least ${minItems} items`));
    if (maxItems !== undefined && value.length > maxItems)
      result.errors.push(tooMany(this.#at(path), value.length, maxItems));
    if (uniqueItems && value.some((item, i) => value.slice(0, i).some((other) => equal(item, other))))
      result.errors.push(this.#invalid(path, '', "shouldn't contain duplicates"));
    result.matches++;
  }

  #enum(value: Json, { enum: allowed }: JsonSchema, path: string, result: Result): void {
    result.matches++;
    if (!allowed?.length || allowed.some((each) => equal(each, value))) return;
    const texts = allowed.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    result.errors.push(notSupported(this.#at(path), value, texts));
  }

  #object(value: JsonObject, schema: JsonSchema, path: string, result: Result, old: Old): void {
    const { properties = {}, additionalProperties, minProperties, maxProperties } = schema;
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    const oldField = (name: string): Old =>
      old && isJsonObject(old.value) ? { value: own(old.value, name) } : undefined;
    const inside = (name: string) => (path ? `${path}.${name}` : name);
    if (minProperties !== undefined && names.length < minProperties)
      result.errors.push(this.#invalid(path, names.length, `should have at least ${minProperties} properties`));
    if (maxProperties !== undefined && names.length > maxProperties)
      result.errors.push(tooMany(this.#at(path), names.length, maxProperties));
    for (const name of names) {
      if (Object.hasOwn(properties, name)) continue;
      if (additionalProperties === false)
        result.errors.push(invalid(this.#at(path), '', `${path}.${name} in body is a forbidden property`));
      else if (typeof additionalProperties === 'object')
        result.merge(this.of(value[name]!, additionalProperties, `${path}.${name}`, oldField(name)));
    }
    for (const [name, property] of Object.entries(properties)) {
      const given = own(value, name);
      if (given !== undefined) result.merge(this.of(given, property, inside(name), oldField(name)));
    }
    for (const name of schema.required ?? [])
      if (own(value, name) === undefined) result.errors.push(required(this.#at(inside(name))));
    result.matches++;
  }
}

/** Only the items of a keyed list are known again (common.CorrelatedObject.Index). */
function oldItem(item: Json, schema: JsonSchema, old: Old): Old {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old?.value) || !isJsonObject(item))
    return undefined;
  const found = old.value.find(
    (other: Json) => isJsonObject(other) && keys.every((key) => equal(other[key], item[key])),
  ) as Json | undefined;
  return found === undefined ? undefined : { value: found };
}

/** Go's regular expressions are nearly ECMAScript's; one that cannot be read matches everything. */
function matchesPattern(pattern: string, text: string): boolean {
  return regexp(pattern)?.test(text) ?? true;
}

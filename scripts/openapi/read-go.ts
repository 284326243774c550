/**
 * Adds kinds to schemas.json and protobuf.json from Go's own declarations: `node scripts/openapi/read-go.ts REPO REVISION GROUP/VERSION…`
 * reads types*.go of those packages of k8s.io/api, or of the module that MODULE names (REPO: a clone of it), as openapi-gen and go-to-protobuf do: names, order, omitempty,
 * pointers, list and merge keys, enumerations, field numbers. What is there already stays as it is.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Field {
  readonly comments: string;
  readonly name: string;
  readonly type: string;
  readonly tag: string;
}

interface Package {
  /** `io.k8s.api.networking.v1`. */
  readonly name: string;
  readonly structs: ReadonlyMap<string, { readonly comments: string; readonly fields: readonly Field[] }>;
  /** Other named types, by what they are underneath. */
  readonly named: ReadonlyMap<string, { readonly comments: string; readonly type: string }>;
  readonly constants: ReadonlyMap<string, readonly string[]>;
  /** Local names of imported packages. */
  readonly imports: ReadonlyMap<string, string>;
}

interface OpenApi {
  [key: string]: unknown;
}

const PRIMITIVES: Readonly<Record<string, OpenApi>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  float64: { type: 'number', format: 'double' },
  uint32: { type: 'integer', format: 'int64' },
  '[]byte': { type: 'string', format: 'byte' },
};

/** What encodes itself: one schema or a list of them, a schema or a truth, any JSON (apiextensions/v1/types_jsonschema.go). */
const SELF_ENCODED: Readonly<Record<string, (owner: string) => OpenApi>> = {
  JSON: () => ({}),
  JSONSchemaPropsOrArray: (owner) => ({ $ref: `#/components/schemas/${owner}.JSONSchemaProps` }),
  JSONSchemaPropsOrBool: () => ({}),
  JSONSchemaPropsOrStringArray: () => ({}),
};

const MODULE = process.env.MODULE ?? 'k8s.io/api';
const FILES = MODULE === 'k8s.io/api' ? ['types.go'] : ['types.go', 'types_jsonschema.go'];

/** Where definitions of apimachinery have their names from. */
const MACHINERY = /^k8s\.io\/apimachinery\/(.*)$/;

const [repository, revision, ...wanted] = process.argv.slice(2);
const packages = new Map<string, Package>();
const schemasFile = join(import.meta.dirname, 'schemas.json');
const messagesFile = join(import.meta.dirname, 'protobuf.json');
const schemas: Record<string, OpenApi> = JSON.parse(readFileSync(schemasFile, 'utf8'));
const messages: Record<string, OpenApi> = JSON.parse(readFileSync(messagesFile, 'utf8'));

function main(): void {
  for (const path of wanted) {
    const owner = load(path);
    for (const [name, { comments, fields }] of owner.structs) {
      if (name.endsWith('List')) continue;
      const full = `${owner.name}.${name}`;
      schemas[full] ??= schemaOf(owner, fields, comments);
      if (MODULE === 'k8s.io/api') messages[full] ??= messageOf(owner, fields);
    }
    for (const [name, { type }] of owner.named)
      if (type.startsWith('[]') && MODULE === 'k8s.io/api')
        messages[`${owner.name}.${name}`] ??= { 1: ['items', type] };
  }
  writeFileSync(schemasFile, JSON.stringify(schemas));
  writeFileSync(messagesFile, JSON.stringify(messages));
}

function load(path: string): Package {
  const known = packages.get(path);
  if (known) return known;
  const text = FILES.map((file) =>
    execFileSync('git', ['-C', repository!, 'show', `${revision}:${path}/${file}`], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    }),
  ).join('\n');
  const parsed = parse(
    `io.${MODULE.replaceAll('/', '.')}.${path.replaceAll('/', '.')}`.replace('io.k8s.io', 'io.k8s'),
    text,
  );
  packages.set(path, parsed);
  return parsed;
}

function parse(name: string, text: string): Package {
  const structs = new Map<string, { comments: string; fields: Field[] }>();
  const named = new Map<string, { comments: string; type: string }>();
  const constants = new Map<string, string[]>();
  const imports = new Map<string, string>();
  let comments: string[] = [];
  let fields: Field[] | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    const imported = /^(\w+)? ?"(k8s\.io\/[^"]+)"$/.exec(line);
    const struct = /^type (\w+) struct ?\{\}?$/.exec(line);
    const other = /^type (\w+) ([^ ]+)$/.exec(line);
    const constant = /^\w+ +(\w+) += "([^"]*)"/.exec(line);
    const field = /^(?:(\w+) +)?([^ ]+) +`(json:.*)`/.exec(line);
    if (line.startsWith('//')) comments.push(line);
    else {
      if (imported) imports.set(imported[1] ?? imported[2]!.split('/').at(-1)!, imported[2]!);
      else if (struct) {
        fields = [];
        structs.set(struct[1]!, { comments: comments.join('\n'), fields });
        if (line.endsWith('}')) fields = undefined;
      } else if (line === '}') fields = undefined;
      else if (fields && field)
        fields.push({ comments: comments.join('\n'), name: field[1] ?? '', type: field[2]!, tag: field[3]! });
      else if (other) named.set(other[1]!, { comments: comments.join('\n'), type: other[2]! });
      else if (constant) constants.set(constant[1]!, [...(constants.get(constant[1]!) ?? []), constant[2]!]);
      // What stands above a blank line in a declaration's comments belongs to it still: tags of genclient, then the text.
      if (line !== '') comments = [];
    }
  }
  return { name, structs, named, constants, imports };
}

const tagOf = (tag: string, name: string): string[] =>
  (new RegExp(`${name}:"([^"]*)"`).exec(tag)?.[1] ?? '').split(',');
const marker = (comments: string, name: string): string | undefined =>
  new RegExp(`^// ?\\+${name}(?:=(.*))?$`, 'm').exec(comments)?.[1]?.trim();
const marked = (comments: string, name: string): boolean => new RegExp(`^// ?\\+${name}$`, 'm').test(comments);

function schemaOf(owner: Package, fields: readonly Field[], comments: string): OpenApi {
  const properties: Record<string, OpenApi> = {};
  const required: string[] = [];
  add(fields);
  const mapType = marker(comments, 'structType');
  const isKind = fields.some(({ type }) => type === 'metav1.TypeMeta');
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: isKind ? { kind: { type: 'string' }, apiVersion: { type: 'string' }, ...properties } : properties,
    ...(mapType && { 'x-kubernetes-map-type': mapType }),
  };

  function add(all: readonly Field[]): void {
    for (const { comments: about, type, tag } of all) {
      const [name, ...options] = tagOf(tag, 'json');
      if (type === 'metav1.TypeMeta') continue;
      if (options.includes('inline')) {
        add(owner.structs.get(type)?.fields ?? []);
        continue;
      }
      properties[name!] = propertyOf(owner, type, about, tag, !options.includes('omitempty'));
      if (marked(about, 'required') || !(options.includes('omitempty') || marked(about, 'optional')))
        required.push(name!);
    }
  }
}

function propertyOf(owner: Package, given: string, comments: string, tag: string, always: boolean): OpenApi {
  const pointer = given.startsWith('*');
  const listKeys = [...comments.matchAll(/^\/\/ ?\+listMapKey=(.*)$/gm)].map(([, key]) => key!.trim());
  const [strategy = ''] = [tagOf(tag, 'patchStrategy').join(',')];
  const [mergeKey] = tagOf(tag, 'patchMergeKey');
  const listType = marker(comments, 'listType');
  const mapType = marker(comments, 'mapType') ?? marker(comments, 'structType');
  const value = schemaOfType(owner, pointer ? given.slice(1) : given);
  const { $ref, 'x-go-type': goType, ...rest } = value;
  const isStruct = $ref !== undefined && !pointer && !/IntOrString|Quantity|Time$/.test(String($ref));
  return {
    ...($ref === undefined ? rest : { ...(isStruct && { default: {} }), allOf: [{ $ref }] }),
    ...(listKeys.length > 0 && { 'x-kubernetes-list-map-keys': listKeys }),
    ...(listType && { 'x-kubernetes-list-type': listType }),
    ...(mapType && { 'x-kubernetes-map-type': mapType }),
    ...(mergeKey && { 'x-kubernetes-patch-merge-key': mergeKey }),
    ...(strategy && { 'x-kubernetes-patch-strategy': strategy }),
    ...(always && { 'x-go-always': true }),
    ...(pointer && { 'x-go-pointer': true }),
    ...(goType !== undefined && { 'x-go-type': goType }),
  };
}

/** The schema of a type; a struct is a reference. */
function schemaOfType(owner: Package, type: string): OpenApi {
  const primitive = PRIMITIVES[type] ?? SELF_ENCODED[type]?.(owner.name);
  if (primitive) return primitive;
  if (type === 'types.UID') return { type: 'string', 'x-go-type': type };
  if (type.startsWith('[]')) {
    const { 'x-go-type': goType, ...items } = schemaOfType(owner, type.slice(2));
    return { type: 'array', items, ...(goType !== undefined && { 'x-go-type': `[]${goType}` }) };
  }
  const map = /^map\[[^\]]+\](.*)$/.exec(type);
  if (map)
    return {
      type: 'object',
      additionalProperties: schemaOfType(owner, map[1]!),
      ...(/^map\[string\](?:string|\[\]byte)$/.test(type) && { 'x-go-type': type }),
    };
  const target = resolve(owner, type);
  if (typeof target === 'string') return { $ref: `#/components/schemas/${target}` };
  const { home, name } = target;
  const { comments, type: underneath } = home.named.get(name)!;
  const value = schemaOfType(home, underneath);
  const values = marked(comments, 'enum') ? [...(home.constants.get(name) ?? [])].sort() : [];
  return {
    ...value,
    ...(values.length > 0 && { enum: values }),
    'x-go-type': `${home.name.split('.').at(-1)}.${name}`,
  };
}

/** The definition name of a struct, or where a type that is none is declared. */
function resolve(owner: Package, type: string): string | { readonly home: Package; readonly name: string } {
  const [before, after] = type.split('.');
  if (after === undefined) return local(owner, before!);
  const path = owner.imports.get(before!);
  if (path === undefined) throw new Error(`${owner.name}: no import ${before}`);
  const machinery = MACHINERY.exec(path);
  if (machinery) return `io.k8s.apimachinery.${machinery[1]!.replaceAll('/', '.')}.${after}`;
  return local(load(path.slice('k8s.io/api/'.length)), after);
}

function local(home: Package, name: string): string | { readonly home: Package; readonly name: string } {
  if (home.structs.has(name)) return `${home.name}.${name}`;
  if (!home.named.has(name)) throw new Error(`${home.name}: no type ${name}`);
  return { home, name };
}

function messageOf(owner: Package, fields: readonly Field[]): OpenApi {
  const out: Record<string, [string, string]> = {};
  for (const { name, type, tag } of fields) {
    const number = tagOf(tag, 'protobuf')[1];
    if (number === undefined || type === 'metav1.TypeMeta') continue;
    const [property, ...options] = tagOf(tag, 'json');
    const inline = options.includes('inline');
    const field = property || name || type;
    out[number] = [
      inline ? field.charAt(0).toLowerCase() + field.slice(1) : field,
      `${inline ? '=' : ''}${messageType(owner, type)}`,
    ];
  }
  return out;
}

function messageType(owner: Package, given: string): string {
  const type = given.replace(/^\*/, '');
  if (type === '[]byte') return 'bytes';
  if (PRIMITIVES[type]) return type;
  if (type === 'types.UID') return 'string';
  if (type.startsWith('[]')) return `[]${messageType(owner, type.slice(2))}`;
  const map = /^map\[[^\]]+\](.*)$/.exec(type);
  if (map) return `{}${messageType(owner, map[1]!)}`;
  const target = resolve(owner, type);
  if (typeof target === 'string') return target;
  const underneath = target.home.named.get(target.name)!.type;
  // A list by a name of its own is a message with items.
  return underneath.startsWith('[]') ? `${target.home.name}.${target.name}` : messageType(target.home, underneath);
}

main();

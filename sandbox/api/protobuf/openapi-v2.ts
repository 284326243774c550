/** The Swagger document as protobuf, the only form in which kubectl asks for it (gnostic-models openapiv2/OpenAPIv2.proto). */

import { Message } from './writer.ts';

export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Clients write the version with an `@`, which is no media type to Go's parser: both are the same (kube-openapi pkg/handler). */
export const asksForProtobuf = (accept = ''): boolean =>
  accept.split(',').some((type) => type.trim().replace('@', '.') === OPENAPI_V2_PROTOBUF);

type Json = Readonly<Record<string, unknown>>;

export function openApiV2ToProtobuf(text: string): Uint8Array {
  const { swagger, info, paths, definitions } = JSON.parse(text) as Readonly<Record<string, Json>>;
  return new Message()
    .text(1, swagger)
    .message(2, new Message().text(1, info!.title).text(2, info!.version))
    .message(8, new Message().messages(2, named(paths!, pathItem)))
    .message(9, new Message().messages(1, named(definitions!, schema)))
    .bytes();
}

/** A map is a list of name and value. */
function* named(map: Json, value: (value: Json) => Message): Generator<Message> {
  for (const [name, inner] of Object.entries(map)) yield new Message().text(1, name).message(2, value(inner as Json));
}

const METHODS: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, options: 6, head: 7, patch: 8 };

function pathItem(operations: Json): Message {
  const out = new Message();
  for (const [method, value] of Object.entries(operations)) out.message(METHODS[method]!, operation(value as Json));
  return out;
}

function operation(value: Json): Message {
  const parameters = (value.parameters ?? []) as readonly Json[];
  return new Message().messages(8, parameters.map(queryParameter)).messages(13, extensions(value));
}

/** ParametersItem.parameter.non_body_parameter.query_parameter_sub_schema */
function queryParameter(parameter: Json): Message {
  const sub = new Message().text(2, parameter.in).text(4, parameter.name).text(6, parameter.type);
  return new Message().message(1, new Message().message(2, new Message().message(3, sub)));
}

function schema(value: Json): Message {
  const { items, additionalProperties, properties, type } = value as Readonly<Record<string, Json | undefined>>;
  return new Message()
    .text(1, value.$ref)
    .text(2, value.format)
    .text(4, value.description)
    .texts(19, value.required)
    .messages(
      20,
      ((value.enum ?? []) as readonly unknown[]).map((one) => new Message().text(2, JSON.stringify(one))),
    )
    .message(21, additionalProperties && new Message().message(1, schema(additionalProperties)))
    .message(22, type && new Message().text(1, type))
    .message(23, items && new Message().message(1, schema(items)))
    .message(25, properties && new Message().messages(1, named(properties, schema)))
    .messages(31, extensions(value));
}

/** JSON is YAML. */
function* extensions(value: Json): Generator<Message> {
  for (const [name, inner] of Object.entries(value)) {
    if (name.startsWith('x-'))
      yield new Message().text(1, name).message(2, new Message().text(2, JSON.stringify(inner)));
  }
}

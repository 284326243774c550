/** `kubectl explain`: a resource's fields, from the server's OpenAPI document (kubectl pkg/cmd/explain, pkg/explain/v2). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, NoResourceMatch } from '../cli/errors.ts';
import { groupResource, type Mapper, type Mapping, splitApiVersion } from '../client/mapper.ts';
import { kindOf, type OpenApiDocument, schemaOfKind } from '../explain/document.ts';
import { Explanation } from '../explain/plaintext.ts';
import type { Session } from '../session.ts';

type Resource = Pick<Mapping, 'group' | 'version' | 'resource'>;

export const explain: Command = {
  name: 'explain',
  flags: "api-version='' -o,output='plaintext' recursive=false",
  complete: 'types',
  *run(session) {
    const { flags, args } = session;
    if (args.length === 0) {
      throw new CommandError(
        'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
    }
    if (args.length > 1) throw new CommandError('We accept only this format: explain RESOURCE\n');
    const { mapping, path } = parseRequest(args[0]!, yield* session.mapper(), flags.string('api-version') === '');
    if (flags.string('api-version').split('/').length > 2)
      throw new CommandError(`unexpected GroupVersion string: ${flags.string('api-version')}`);
    const [group, version] = splitApiVersion(flags.string('api-version'));
    const resource = version ? { group, version, resource: mapping.resource } : mapping;
    const format = flags.string('output');
    if (format !== 'plaintext') throw new CommandError(`unrecognized format: ${format}`);
    yield* print(session, yield* documentOf(session, resource), resource, path);
  },
};

/** `deploy.spec`, or with the group: `deployments.apps.spec`. */
function parseRequest(request: string, mapper: Mapper, withGroup: boolean): { mapping: Mapping; path: string[] } {
  const text = request.replace(/\.$/, '');
  const [word = '', ...path] = text.split('.');
  if (word === '' || path.includes('') || /\s/.test(text))
    throw new CommandError('invalid jsonpath syntax, first node must be field node');
  const mapping = found(mapper, word);
  if (!withGroup) return { mapping, path };
  const named = mapper.resources.filter((each) => each.resource === mapping.resource);
  const full = named.find((each) => text === groupResource(each) || text.startsWith(`${groupResource(each)}.`));
  if (!full) return { mapping, path };
  return {
    mapping: full,
    path: text
      .slice(groupResource(full).length + 1)
      .split('.')
      .filter(Boolean),
  };
}

function found(mapper: Mapper, word: string): Mapping {
  try {
    return mapper.find(word);
  } catch {
    throw new NoResourceMatch(word);
  }
}

function* documentOf(session: Session, resource: Resource): Task<OpenApiDocument> {
  const client = yield* session.client();
  const index = yield* client.json<{ paths: Record<string, { serverRelativeURL: string }> }>('GET', '/openapi/v3');
  const key = resource.group ? `apis/${resource.group}/${resource.version}` : `api/${resource.version}`;
  const entry = index.paths[key];
  if (!entry) throw new CommandError(`couldn't find resource for "${gvr(resource)}"`);
  const [path = '', hash] = entry.serverRelativeURL.split('?hash=');
  return yield* client.json<OpenApiDocument>('GET', path, { query: hash ? [['hash', hash]] : [] });
}

const gvr = ({ group, version, resource }: Resource): string => `${group}/${version}, Resource=${resource}`;

function* print(session: Session, document: OpenApiDocument, resource: Resource, path: readonly string[]): Task<void> {
  const kind = kindOf(document, resource);
  if (!kind) throw new CommandError(`error: GVR (${gvr(resource)}) not found in OpenAPI schema`);
  yield* session.out(
    `${kind.group ? `GROUP:      ${kind.group}\n` : ''}KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n`,
  );
  const schema = schemaOfKind(document, kind);
  if (!schema)
    throw new CommandError(
      `error: GVK map[group:${kind.group} kind:${kind.kind} version:${kind.version}] not found in OpenAPI schema`,
    );
  const text = new Explanation(document, session.flags.bool('recursive')).of(schema, path);
  if (!text) throw new CommandError(`error: field "${path.at(-1)}" does not exist`);
  yield* session.out(`${text}\n`);
}

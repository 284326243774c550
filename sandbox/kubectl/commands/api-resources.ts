/** `kubectl api-resources` and `api-versions` (kubectl pkg/cmd/apiresources). */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { PRINT_FLAGS } from '../cli/flags.ts';
import { apiVersionOf, groupResource, type Mapper, type Mapping } from '../client/mapper.ts';
import { printJson } from '../printers/json.ts';
import { printerFor } from '../printers/output.ts';
import { alignTabs } from '../printers/tabwriter.ts';
import type { KObject } from '../resource/info.ts';
import { byText, quote } from '../text.ts';

const FORMATS = ['', 'json', 'kyaml', 'name', 'wide', 'yaml'];

export const apiResources: Command = {
  name: 'api-resources',
  flags: `api-group='' cached=false categories=[] namespaced=true no-headers=false sort-by='' verbs=[] ${PRINT_FLAGS}`,
  *run(session) {
    const { flags, args } = session;
    if (args.length > 0) throw session.usage(`unexpected arguments: [${args.join(' ')}]`);
    const output = flags.string('output');
    if (!FORMATS.includes(output)) {
      throw new CommandError(
        `unable to match a printer suitable for the output format ${quote(output)}, allowed formats are: ${FORMATS.join(',').slice(1)}`,
      );
    }
    const sortBy = flags.string('sort-by');
    if (sortBy && sortBy !== 'name' && sortBy !== 'kind') throw new CommandError('--sort-by accepts only name or kind');
    const mapper = yield* session.mapper();
    if (!flags.bool('cached')) mapper.renew();
    const wanted = preferredResources(mapper).filter(
      (m) =>
        m.verbs.length > 0 &&
        (!flags.changed('api-group') || m.group === flags.string('api-group')) &&
        (!flags.changed('namespaced') || m.namespaced === flags.bool('namespaced')) &&
        flags.list('verbs').every((verb) => m.verbs.includes(verb)) &&
        flags.list('categories').every((category) => m.categories.includes(category)),
    );
    const sorted = [...wanted].sort((a, b) => {
      if (sortBy === 'name') return byText(a.resource, b.resource);
      if (sortBy === 'kind') return byText(a.kind, b.kind);
      return byText(a.group, b.group) || byText(a.resource, b.resource);
    });
    if (output === 'json') return yield* session.out(`${printJson(asList(sorted), 4, false)}\n`);
    if (output === 'yaml' || output === 'kyaml')
      return yield* session.out((yield* printerFor(session, output))(asList(sorted)));
    if (output === 'name') return yield* session.out(sorted.map((m) => `${groupResource(m)}\n`).join(''));
    const rows = sorted.map((m) => row(m, output === 'wide'));
    if (!flags.bool('no-headers'))
      rows.unshift([
        'NAME',
        'SHORTNAMES',
        'APIVERSION',
        'NAMESPACED',
        'KIND',
        ...(output === 'wide' ? ['VERBS', 'CATEGORIES'] : []),
      ]);
    yield* session.out(alignTabs(rows.map((cells) => `${cells.join('\t')}\n`).join('')));
  },
};

/** One version of each: the group's preferred one, where the resource is in it, else the first that has it (client-go, ServerPreferredResources). */
function preferredResources({ groups, resources }: Pick<Mapper, 'groups' | 'resources'>): Mapping[] {
  const preferred = new Map(groups.map((group) => [group.name, group.versions[0]]));
  const chosen = new Map<string, Mapping>();
  for (const mapping of resources) {
    const name = groupResource(mapping);
    if (!chosen.has(name) || mapping.version === preferred.get(mapping.group)) chosen.set(name, mapping);
  }
  return [...chosen.values()];
}

function row(m: Mapping, wide: boolean): string[] {
  const cells = [m.resource, m.shortNames.join(','), apiVersionOf(m), String(m.namespaced), m.kind];
  return wide ? [...cells, m.verbs.join(','), m.categories.join(',')] : cells;
}

const asList = (mappings: readonly Mapping[]): KObject => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: '',
  resources: mappings.map((m) => ({
    name: m.resource,
    singularName: m.singular,
    namespaced: m.namespaced,
    group: m.group || undefined,
    version: m.version,
    kind: m.kind,
    verbs: m.verbs,
    shortNames: m.shortNames.length > 0 ? m.shortNames : undefined,
    categories: m.categories.length > 0 ? m.categories : undefined,
  })),
});

export const apiVersions: Command = {
  name: 'api-versions',
  *run(session) {
    if (session.args.length > 0) throw session.usage(`unexpected arguments: [${session.args.join(' ')}]`);
    const mapper = yield* session.mapper();
    mapper.renew();
    const { groups } = mapper;
    const all = groups.flatMap(({ name, versions }) =>
      versions.map((version) => (name ? `${name}/${version}` : version)),
    );
    yield* session.out(
      all
        .sort(byText)
        .map((v) => `${v}\n`)
        .join(''),
    );
  },
};

/** What can be run on the machines and pulled into containers: from the program tables, the packages and the image catalogue. */

import { ImageCatalogue } from '../../sandbox/images/catalogue.ts';
import type { ImageDeclaration } from '../../sandbox/images/image.ts';
import { nodePrograms } from '../../sandbox/kubelet/programs/index.ts';
import { BASE_PACKAGES, CATALOGUE, PACKAGED_PROGRAMS } from '../../sandbox/machines/packages/catalogue.ts';
import { PROGRAMS } from '../../sandbox/machines/programs/index.ts';
import { BUILTINS } from '../../sandbox/machines/shell/builtins/index.ts';
import { SYSTEM_PROGRAMS } from '../../sandbox/machines/system-programs/index.ts';
import { code, codes, sorted, table } from './markdown.ts';

export function programs(): string {
  const everywhere = sorted([...PROGRAMS.keys(), ...SYSTEM_PROGRAMS.keys()]);
  const there = new Set([...everywhere, ...nodePrograms.keys()]);
  const installable = [...CATALOGUE.values()].filter(({ name }) => !BASE_PACKAGES.includes(name));
  const hollow = sorted(PACKAGED_PROGRAMS).filter((name) => !there.has(name));
  return `**Programs** (${everywhere.length}): ${codes(everywhere.filter((name) => !PACKAGED_PROGRAMS.has(name)))}.

**With their package only**: ${codes(everywhere.filter((name) => PACKAGED_PROGRAMS.has(name)))}.

**On the nodes**: ${codes(nodePrograms.keys())}.

**Builtins of the shell** (${Object.keys(BUILTINS).length}): ${codes(Object.keys(BUILTINS))}.

**Packages that apt can install**: ${codes(installable.map(({ name }) => name))}. ${
    hollow.length > 0
      ? `Their programs ${codes(hollow)} are not there: the package installs, the command is not found.`
      : ''
  }`;
}

/** One row for an image, however many registries have it. */
export function images(): string {
  return table(
    ['image', 'latest release', 'other tags', 'starts'],
    [...new ImageCatalogue().declarations].map(([name, declaration]) => {
      const { version = 'latest', config } = declaration;
      const { entrypoint = [], cmd = [] } = typeof config === 'function' ? config(version) : config;
      return [
        code(name.replace(/^docker\.io\/(library\/)?/, '')),
        declaration.version ?? '',
        tagsOf(declaration),
        code([...entrypoint, ...cmd].join(' ')),
      ];
    }),
  );
}

const tagsOf = ({ tags = '', alpine }: ImageDeclaration): string =>
  ['latest', ...tags.split(' '), ...(alpine ? ['…-alpine'] : [])].filter(Boolean).join(', ');

/** The other versions in which declared resources are served: as declared but for what the version names. */

import type { Resource } from './resource.ts';

export const otherVersions = (resources: readonly Resource[]): readonly Resource[] =>
  resources.flatMap(({ otherVersions: versions = [], ...resource }) =>
    versions.map((version): Resource => ({ ...resource, ...version })),
  );

/** A Debian package, as far as dpkg and apt-get speak of it. */

import type { Tree } from '../filesystem/tree.ts';
import type { UnitDefinition } from '../systemd/unit.ts';

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly section: string;
  readonly description: string;
  readonly maintainer?: string;
  readonly homepage?: string;
  /** Kilobytes on disk. */
  readonly installedSize: number;
  /** Bytes of the .deb. */
  readonly size: number;
  readonly architecture?: 'amd64' | 'all';
  /** Shown as `name:amd64` (Multi-Arch: same). */
  readonly multiArch?: boolean;
  readonly depends?: readonly string[];
  readonly suggests?: readonly string[];
  /** Program table entries that it brings, at their usual place. */
  readonly programs?: readonly string[];
  readonly files?: Tree;
  /** Configuration files that `remove` leaves. */
  readonly configuration?: Tree;
  readonly units?: readonly UnitDefinition[];
  /** What the maintainer script prints while it is set up. */
  readonly setUp?: readonly string[];
  /** Part of the base system: listed, and not for removal. */
  readonly essential?: boolean;
}

export const displayName = (one: Package): string => (one.multiArch ? `${one.name}:amd64` : one.name);

/** `nfs-common_1%3a2.6.2-4+deb12u1_amd64.deb` */
export const archiveName = (one: Package): string =>
  `${one.name}_${one.version.replace(':', '%3a')}_${one.architecture ?? 'amd64'}.deb`;

/** busybox as images have it: one file, an applet a name. */

import type { ProgramEntry } from '../../../machines/machine.ts';
import type { Program } from '../../../machines/process.ts';
import { PROGRAMS } from '../../../machines/programs/index.ts';
import { ash } from '../../../machines/shell/bash.ts';
import { SYSTEM_PROGRAMS } from '../../../machines/system-programs/index.ts';
import { part } from '../../../sim/parts.ts';
import type { Flavour } from './applet.ts';

const load = part('image/busybox', () => import('./applets.ts'));

/** The builds that images carry, by the version their name leads to. */
const FLAVOURS: Readonly<Record<string, Flavour>> = {
  '1.28': { version: 'v1.28.4 (2018-07-17 15:21:40 UTC)', library: 'glibc' },
  '1.36': { version: 'v1.36.1 (2023-05-18 22:34:17 UTC)', library: 'glibc' },
  '1.37': { version: 'v1.37.0 (2024-09-26 21:31:42 UTC)', library: 'glibc' },
  alpine: { version: 'v1.37.0 (2025-08-05 16:40:33 UTC)', library: 'musl' },
};

/** `busybox-1.37/ls` and so on: what the images' trees name. */
export function busyboxPrograms(
  names: readonly string[],
  others: ReadonlyMap<string, ProgramEntry>,
): [string, ProgramEntry][] {
  const entryOf = (name: string) => others.get(name) ?? PROGRAMS.get(name) ?? SYSTEM_PROGRAMS.get(name);
  return Object.entries(FLAVOURS).flatMap(([build, flavour]) =>
    names.flatMap((name): [string, ProgramEntry][] => {
      const key = `busybox-${build}/${name}`;
      if (name === 'sh' || name === 'ash') return [[key, { run: ash }]];
      const entry = entryOf(name);
      if (name !== 'busybox' && !entry) return [];
      return [
        [
          key,
          {
            load: async (): Promise<Program> => {
              const applets = await load();
              if (name === 'busybox') return applets.multiCall(flavour, names);
              return applets.appletOf(flavour, name, 'run' in entry! ? entry.run : await entry!.load());
            },
          },
        ],
      ];
    }),
  );
}

/** Which build this kubectl answers as, and `--match-server-version` (client-go discovery/helper.go MatchesServerVersion). */

import type { Task } from '../../sim/task.ts';
import { quote } from '../text.ts';
import type { ApiClient } from './client.ts';

/** The build that this kubectl answers as. */
export const CLIENT_VERSION = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.2',
  gitCommit: 'fdc9d74cbf2da6754ebf81d56f80ae2948cd6425',
  gitTreeState: 'clean',
  buildDate: '2026-02-26T20:05:34Z',
  goVersion: 'go1.25.7',
  compiler: 'gc',
  platform: 'linux/amd64',
};

export type VersionInfo = Partial<Record<(typeof FIELDS)[number], string>> & {
  readonly major: string;
  readonly minor: string;
};

/** version.Info in Go's order. */
const FIELDS = [
  ...([
    'major',
    'minor',
    'emulationMajor',
    'emulationMinor',
    'minCompatibilityMajor',
    'minCompatibilityMinor',
  ] as const),
  ...(['gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'] as const),
] as const;

export function* checkServerVersion(client: ApiClient): Task<void> {
  const server = yield* client.json<VersionInfo>('GET', '/version', { query: [['timeout', '32s']] });
  const same = (['gitVersion', 'gitCommit', 'gitTreeState'] as const).every(
    (field) => server[field] === CLIENT_VERSION[field],
  );
  if (same) return;
  throw new Error(`server version (&${goSyntax(server)}) differs from client version (${goSyntax(CLIENT_VERSION)})`);
}

/** As `%#v` prints it. */
const goSyntax = (info: VersionInfo): string =>
  `version.Info{${FIELDS.map((field) => `${field[0]!.toUpperCase()}${field.slice(1)}:${quote(info[field] ?? '')}`).join(', ')}}`;

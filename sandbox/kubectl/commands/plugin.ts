/** `kubectl plugin list` (kubectl pkg/cmd/plugin/plugin.go). */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { findPlugins } from '../cli/plugin.ts';

/** Overshadowing is told of the commands there are: `builtIn` has their names. */
export const plugin = (builtIn: () => readonly Command[]): Command => ({
  name: 'plugin',
  commands: [
    {
      name: 'list',
      flags: 'name-only=false',
      *run(session) {
        const { flags } = session;
        const found = yield* findPlugins(session.environment);
        if (found.length === 0) throw new CommandError('unable to find any kubectl plugins in your PATH');
        yield* session.out('The following compatible plugins are available:\n\n');
        const seen = new Map<string, string>();
        let warnings = 0;
        const warn = function* (text: string) {
          warnings++;
          yield* session.err(`  - warning: ${text}\n`);
        };
        for (const { path, executable } of found) {
          const name = path.split('/').pop()!;
          yield* session.out(`${flags.bool('name-only') ? name : path}\n`);
          const words = name.split('-').slice(1);
          const overwrites = words.length === 1 && builtIn().some((command) => command.name === words[0]);
          if (!executable) yield* warn(`${path} identified as a kubectl plugin, but it is not executable`);
          else if (seen.has(name))
            yield* warn(`${path} is overshadowed by a similarly named plugin: ${seen.get(name)}`);
          else seen.set(name, path);
          if (overwrites) yield* warn(`${name} overwrites existing command: "kubectl ${words[0]}"`);
        }
        if (warnings > 0)
          throw new CommandError(
            warnings === 1 ? 'one plugin warning was found' : `${warnings} plugin warnings were found`,
          );
      },
    },
  ],
  helpTo: 'stderr',
});

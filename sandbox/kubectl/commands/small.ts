/** Commands of a few lines: options, top. */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { helpText } from '../help/help.ts';

export const options: Command = {
  name: 'options',
  *run(session) {
    yield* session.out(yield* helpText(session.environment, 'options'));
  },
};

const TOP = "no-headers=false -l,selector='' show-swap=false sort-by='' use-protocol-buffers=true";

/** Metrics come from the metrics.k8s.io API, which a cluster without a metrics server does not serve. */
const topOf = (name: 'node' | 'pod', aliases: readonly string[], flags: string): Command => ({
  name,
  aliases,
  flags: `${TOP} ${flags}`,
  complete: 'names',
  completeType: name,
  *run(session) {
    const { flags: given, args } = session;
    if (args.length > 1) throw session.usage(`${name} [NAME | -l label]`);
    if (args.length === 1 && given.string('selector'))
      throw new CommandError('only one of NAME or selector can be provided');
    if (!['', 'cpu', 'memory'].includes(given.string('sort-by')))
      throw new CommandError('--sort-by accepts only cpu or memory');
    const { groups } = yield* session.mapper();
    if (!groups.some((group) => group.name === 'metrics.k8s.io')) throw new CommandError('Metrics API not available');
    throw new CommandError('metrics not available yet');
  },
});

export const top: Command = {
  name: 'top',
  commands: [
    topOf('node', ['nodes', 'no'], 'show-capacity=false'),
    topOf('pod', ['pods', 'po'], "-A,all-namespaces=false containers=false field-selector='' sum=false"),
  ],
  helpTo: 'stderr',
};

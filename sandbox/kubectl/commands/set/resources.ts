/** `kubectl set resources deploy/web --limits=cpu=200m --requests=cpu=100m`. */

import { canonicalQuantity, QuantityError } from '../../../api/quantity.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { selectContainers, withPodSpec } from '../pod-template.ts';
import { SET_FLAGS, updateAll } from './update.ts';

export const setResources: Command = {
  name: 'resources',
  flags: `-c,containers='*' limits='' requests='' ${SET_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags, args } = session;
    const [limits, requests] = [parse(flags.string('limits')), parse(flags.string('requests'))];
    yield* updateAll(session, {
      args,
      operation: 'resource requirements updated',
      validate() {
        if (!limits && !requests)
          throw new CommandError(
            'you must specify an update to requests or limits (in the form of --requests/--limits)',
          );
      },
      failure: 'failed to patch resources update to pod template: ',
      *change(info) {
        return withPodSpec(info.object!, (spec) => {
          const chosen = new Set(selectContainers(spec.containers, flags.string('containers')));
          if (chosen.size === 0) throw new CommandError(`unable to find container named ${flags.string('containers')}`);
          const containers = spec.containers.map((container) => {
            if (!chosen.has(container)) return container;
            const { resources = {} } = container;
            const merged = {
              ...resources,
              ...(limits ? { limits: { ...resources.limits, ...limits } } : {}),
              ...(requests ? { requests: { ...resources.requests, ...requests } } : {}),
            };
            return { ...container, resources: merged };
          });
          return { ...spec, containers };
        });
      },
    });
  },
};

function parse(text: string): Record<string, string> | undefined {
  if (!text) return undefined;
  const out: Record<string, string> = {};
  for (const part of text.split(',')) {
    const [name = '', value, ...rest] = part.split('=');
    if (value === undefined || rest.length > 0)
      throw new CommandError(`Invalid argument syntax ${part}, expected <resource>=<value>`);
    try {
      out[name] = canonicalQuantity(value);
    } catch (error) {
      if (error instanceof QuantityError) throw new CommandError(error.message);
      throw error;
    }
  }
  return out;
}

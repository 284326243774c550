/** `kubectl set image deploy/web nginx=nginx:1.19`. */

import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { quote } from '../../text.ts';
import { type ContainerSpec, withPodSpec } from '../pod-template.ts';
import { SET_FLAGS, updateAll } from './update.ts';

export const setImage: Command = {
  name: 'image',
  flags: SET_FLAGS,
  complete: 'names',
  *run(session) {
    const first = session.args.findIndex((arg) => arg.includes('='));
    const resources = first < 0 ? session.args : session.args.slice(0, first);
    const images = new Map<string, string>();
    for (const pair of first < 0 ? [] : session.args.slice(first)) {
      const [name = '', ...rest] = pair.split('=');
      if (!name || rest.length === 0) throw new CommandError(`invalid image format: ${pair}`);
      images.set(name, rest.join('='));
    }
    yield* updateAll(session, {
      args: resources,
      operation: 'image updated',
      validate() {
        if (images.size === 0) throw new CommandError('at least one image update is required');
        if (images.size > 1 && images.has('*'))
          throw new CommandError(
            'all containers are already specified by *, but saw more than one container_name=container_image pairs',
          );
      },
      failure: 'failed to patch image update to pod template: ',
      *change(info) {
        return withPodSpec(info.object!, (spec) => {
          const all = [...spec.containers, ...(spec.initContainers ?? [])];
          for (const name of images.keys()) {
            if (name !== '*' && !all.some((c) => c.name === name))
              throw new CommandError(`unable to find container named ${quote(name)}`);
          }
          const change = (container: ContainerSpec) => {
            const image = images.get(container.name) ?? images.get('*');
            return image === undefined ? container : { ...container, image };
          };
          const { initContainers } = spec;
          return {
            ...spec,
            containers: spec.containers.map(change),
            ...(initContainers ? { initContainers: initContainers.map(change) } : {}),
          };
        });
      },
    });
  },
};

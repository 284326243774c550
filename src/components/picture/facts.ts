/** What a machine of the picture says below its name: which lines, not yet in which words. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import type { Tone } from './state.ts';

export interface Fact {
  readonly says:
    | 'off'
    | 'controlPlane'
    | 'client'
    | 'noClient'
    | 'handMount'
    | 'serving'
    | 'exportsNothing'
    | 'notServing';
  /** A path, where it speaks of one. */
  readonly path?: string;
  readonly tone: Tone;
}

/** More mounts by hand than these are not listed. */
const MOST_MOUNTS = 2;

export function factsOf(picture: Picture, machine: string): Fact[] {
  const { server } = picture;
  if (machine === server.name) {
    if (!server.up) return [{ says: 'off', tone: 'bad' }];
    if (!server.serving) return [{ says: 'notServing', tone: 'waits' }];
    return [{ says: picture.exports.some(({ exported }) => exported) ? 'serving' : 'exportsNothing', tone: 'plain' }];
  }
  const node = picture.nodes.find(({ name }) => name === machine);
  if (!node) return [];
  if (!node.up) return [{ says: 'off', tone: 'bad' }];
  const mounts = picture.handMounts.filter((mount) => mount.node === machine).slice(0, MOST_MOUNTS);
  return [
    ...(node.controlPlane ? [{ says: 'controlPlane', tone: 'plain' } as const] : []),
    node.nfsClient
      ? { says: 'client', tone: 'plain' }
      : { says: 'noClient', tone: node.controlPlane ? 'plain' : 'waits' },
    ...mounts.map(({ path }) => ({ says: 'handMount', path, tone: 'plain' }) as const),
  ];
}

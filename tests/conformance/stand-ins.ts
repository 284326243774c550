/** What stood beside the recorded planes: a driver's attacher, and a switch for each node. Both do what the files of `run` say, as the recorder's did. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../sandbox/api/client.ts';
import { timestamp } from '../../sandbox/api/time.ts';
import type { VolumeAttachment } from '../../sandbox/api/types.ts';
import type { ServedCluster } from './cluster.ts';

/** It slept so long between two looks, and each of its requests took its time. */
const SLEEP_MS = 500;
const REQUEST_MS = 6;
const FINALIZER = 'external-attacher/block-example-com';
const BACKEND_DOWN = 'rpc error: code = Internal desc = the backend is down';

/** `attacher` is on, off or fail; `dead` the node that does not answer. */
export function startStandIns({ clock, client, kubelets }: ServedCluster, folder: string): void {
  mkdirSync(folder, { recursive: true });
  let dead = '';
  const look = () => {
    const mode = said(folder, 'attacher');
    const requests = mode && mode !== 'off' ? 1 + attach(client, mode, timestamp(clock.now)) : 0;
    clock.after(SLEEP_MS + requests * REQUEST_MS, look, { background: true });
    const now = said(folder, 'dead');
    if (now === dead) return;
    if (dead) kubelets.start(dead);
    if (now) kubelets.stop(now);
    dead = now;
  };
  look();
}

function said(folder: string, name: string): string {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

/** The recorder's attacher.mjs: one finalizer, and an answer at once. Says how many requests that took. */
function attach(client: Client, mode: string, time: string): number {
  const before = client.list('volumeattachments', '');
  for (const { metadata } of before) {
    const { name, deletionTimestamp } = metadata;
    if (!deletionTimestamp) {
      client.mutate('volumeattachments', '', name, withFinalizer);
      client.mutate('volumeattachments', '', name, mode === 'fail' ? failed(time) : attached, 'status');
    } else if (mode === 'on') {
      client.mutate('volumeattachments', '', name, detached, 'status');
      client.mutate('volumeattachments', '', name, withoutFinalizers);
    }
  }
  const after = client.list('volumeattachments', '');
  return 2 * before.filter((each) => !after.includes(each)).length;
}

type Change = (attachment: VolumeAttachment) => VolumeAttachment;

const withFinalizer: Change = ({ metadata, ...rest }) => {
  const { finalizers = [] } = metadata;
  if (finalizers.includes(FINALIZER)) return { metadata, ...rest };
  return { ...rest, metadata: { ...metadata, finalizers: [...finalizers, FINALIZER] } };
};

const withoutFinalizers: Change = ({ metadata: { finalizers: _, ...metadata }, ...rest }) => ({ ...rest, metadata });

const attached: Change = (attachment) =>
  attachment.status?.attached ? attachment : { ...attachment, status: { attached: true } };

const detached: Change = (attachment) =>
  attachment.status?.attached ? { ...attachment, status: { ...attachment.status, attached: false } } : attachment;

const failed =
  (time: string): Change =>
  (attachment) =>
    attachment.status?.attachError
      ? attachment
      : { ...attachment, status: { attached: false, attachError: { message: BACKEND_DOWN, time } } };

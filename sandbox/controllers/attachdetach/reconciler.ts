/** Makes what is attached what should be (pkg/controller/volume/attachdetach/reconciler/reconciler.go). */

import { equal } from '../../api/equality.ts';
import { refusalOf } from '../../api/errors.ts';
import type { Node, PersistentVolume } from '../../api/types.ts';
import type { Cause } from '../../sim/cause.ts';
import type { ControllerContext } from '../context.ts';
import { readiness } from '../node-lifecycle/conditions.ts';
import {
  attachmentName,
  attachmentStatus,
  detachmentStatus,
  isMultiAttachAllowed,
  uniqueNameOf,
} from './csi-volume.ts';
import { multiAttachReason } from './multi-attach.ts';
import { type Looked, Operations } from './operations.ts';
import type { Attached, ToAttach, World } from './world.ts';

/** The reconciler's loop, which here only runs when there is something to look at. */
const LOOP = [20, 100] as const;
/** reconcilerMaxWaitForUnmountDuration: how long a node that is not healthy may take to unmount. */
const MAX_WAIT_FOR_UNMOUNT = 360_000;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const STILL_IN_USE = 'The volume is still in use by node, according to Node status';

/** When a node's list of volumes that could not be written is written again. */
const REPORT_RETRY = 1_000;

export class Reconciler {
  readonly #context: ControllerContext;
  readonly #world: World;
  readonly #operations: Operations;
  /** With what called for the look. */
  readonly #waiting = new Map<string, Cause | undefined>();

  constructor(context: ControllerContext, world: World) {
    this.#context = context;
    this.#world = world;
    this.#operations = new Operations(context.clock, context.random, (key) => this.wake(key.split('|')[0]!));
  }

  /** The next turn of the loop looks at this volume. */
  wake(name: string): void {
    if (this.#waiting.size === 0) this.#context.clock.after(this.#context.random.between(...LOOP), () => this.#turn());
    this.#waiting.set(name, this.#context.clock.cause);
  }

  #turn(): void {
    const { clock } = this.#context;
    const names = [...this.#waiting];
    this.#waiting.clear();
    // Detaches come first, so that a volume may move.
    for (const [name, cause] of names) {
      clock.cause = cause;
      for (const attached of [...this.#world.actual(name)]) this.#detachUnwanted(name, attached);
    }
    for (const [name, cause] of names) {
      clock.cause = cause;
      for (const wanted of [...this.#world.desired(name)]) this.#attachWanted(name, wanted);
    }
  }

  /** Whatever may be on several nodes is worked on node by node, else one operation at a time is made at the volume. */
  #key = (volume: PersistentVolume, node: string): string =>
    isMultiAttachAllowed(volume) ? `${uniqueNameOf(volume)}|${node}` : uniqueNameOf(volume);

  #detachUnwanted(name: string, attached: Attached): void {
    const { clock, client } = this.#context;
    const { volume, node } = attached;
    if (this.#world.wanted(name, node)) return;
    if (!this.#operations.mayRun(this.#key(volume, node), 'volume_detach')) return;
    if (attached.detachRequested === undefined) {
      attached.detachRequested = clock.now;
      clock.after(MAX_WAIT_FOR_UNMOUNT + 1, () => this.wake(name), { background: true });
    }
    const timedOut = clock.now - attached.detachRequested > MAX_WAIT_FOR_UNMOUNT;
    const machine = client.get('nodes', '', node);
    const outOfService = isOutOfService(machine);
    const force = timedOut && machine !== undefined && readiness(machine) !== 'True';
    if (attached.mounted && !force && !outOfService) return;
    attached.reported = false;
    this.#reportAttached(node);
    this.#detach(attached, !(timedOut || outOfService));
  }

  #detach(attached: Attached, verifySafe: boolean): void {
    const { client } = this.#context;
    const { volume, node } = attached;
    const attachment = attachmentName(volume, node);
    const inUse = verifySafe && client.get('nodes', '', node)?.status?.volumesInUse?.includes(uniqueNameOf(volume));
    const refusal = inUse ? undefined : refusalOf(() => client.delete('volumeattachments', '', attachment));
    const refused = refusal && { failure: refusal.message };
    this.#operations.run({
      key: this.#key(volume, node),
      name: 'volume_detach',
      look: (): Looked =>
        refused ??
        (inUse ? { failure: STILL_IN_USE } : detachmentStatus(client.get('volumeattachments', '', attachment))),
      timeout: timeout(volume, 'detach'),
      done: () => this.#world.remove(attached),
      failed: () => {
        attached.reported = attached.confirmed;
        this.#reportAttached(node);
      },
    });
  }

  #attachWanted(name: string, wanted: ToAttach): void {
    const { volume, node } = wanted;
    const key = this.#key(volume, node);
    if (this.#operations.isPending(key)) return;
    const attached = this.#world.attached(name, node);
    if (attached?.confirmed) {
      delete attached.detachRequested;
      return;
    }
    if (!isMultiAttachAllowed(volume)) {
      const others = [...this.#world.actual(name)].filter((each) => each.confirmed);
      if (others.length > 0) {
        this.#reportMultiAttachError(name, wanted, others);
        return;
      }
    }
    if (this.#operations.mayRun(key, 'volume_attach')) this.#attach(wanted, key);
  }

  #reportMultiAttachError(name: string, wanted: ToAttach, others: readonly Attached[]): void {
    if (wanted.multiAttachErrorReported) return;
    wanted.multiAttachErrorReported = true;
    const users = others.flatMap(({ node }) => [...(this.#world.wanted(name, node)?.pods.values() ?? [])]);
    for (const pod of wanted.pods.values()) {
      const message = `Multi-Attach error for volume "${wanted.volume.metadata.name}" ${multiAttachReason(pod, users)}`;
      this.#context.recorder.event(pod, 'Warning', 'FailedAttachVolume', message);
    }
  }

  #attach({ volume, node, pods }: ToAttach, key: string): void {
    const { client, recorder } = this.#context;
    const attachment = attachmentName(volume, node);
    const refusal = refusalOf(() => {
      if (client.get('volumeattachments', '', attachment)) return;
      client.create('volumeattachments', '', {
        metadata: { name: attachment },
        spec: {
          attacher: volume.spec!.csi!.driver,
          nodeName: node,
          source: { persistentVolumeName: volume.metadata.name },
        },
      });
    });
    this.#operations.run({
      key,
      name: 'volume_attach',
      look: () =>
        refusal ? { failure: refusal.message } : attachmentStatus(client.get('volumeattachments', '', attachment)),
      timeout: timeout(volume, 'attach'),
      done: () => {
        this.#world.add(volume, node, true);
        for (const pod of pods.values()) {
          const message = `AttachVolume.Attach succeeded for volume "${volume.metadata.name}" `;
          recorder.event(pod, 'Normal', 'SuccessfulAttachVolume', message);
        }
        this.#reportAttached(node);
      },
      failed: (why) => {
        this.#world.add(volume, node, false);
        for (const pod of pods.values()) {
          const message = `AttachVolume.Attach failed for volume "${volume.metadata.name}" : ${why}`;
          recorder.event(pod, 'Warning', 'FailedAttachVolume', message);
        }
      },
    });
  }

  /** UpdateNodeStatusForNode: the kubelet mounts what its node's status lists. */
  #reportAttached(node: string): void {
    const volumesAttached = [...this.#world.on(node)]
      .filter(({ reported }) => reported)
      .map(({ volume }) => ({ name: uniqueNameOf(volume), devicePath: '' }));
    const report = (before: Node): Node => {
      const { volumesAttached: listed = [], ...status } = before.status ?? {};
      if (equal(listed, volumesAttached)) return before;
      return { ...before, status: volumesAttached.length > 0 ? { ...status, volumesAttached } : status };
    };
    // What is refused is said again, as a later loop of the reconciler does.
    if (refusalOf(() => this.#context.client.mutate('nodes', '', node, report, 'status')))
      this.#context.clock.after(REPORT_RETRY, () => this.#reportAttached(node), { background: true });
  }
}

const isOutOfService = (node: Node | undefined): boolean =>
  node?.spec?.taints?.some(({ key, effect }) => key === OUT_OF_SERVICE && effect === 'NoExecute') ?? false;

const timeout = ({ spec }: PersistentVolume, what: 'attach' | 'detach'): string =>
  `timed out waiting for external-attacher of ${spec!.csi!.driver} CSI driver to ${what} volume ${spec!.csi!.volumeHandle}`;

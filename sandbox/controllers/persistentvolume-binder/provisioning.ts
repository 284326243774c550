/** Claims that want a new volume: default classes, and the hand-over to external provisioners (pv_controller.go provisionClaim, assignDefaultStorageClass). */

import { parseTime } from '../../api/time.ts';
import type { PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { own } from '../../sim/own.ts';
import type { Task } from '../../sim/task.ts';
import { sleep } from '../../sim/task.ts';
import type { ControllerContext } from '../context.ts';
import { ANNOTATION, classOf, withAnnotations } from './claims.ts';
import { MIGRATED } from './migrated.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
/** The one plugin that is still built in and could provision: without --enable-hostpath-provisioner it does not. */
const HOST_PATH = 'kubernetes.io/host-path';
const BETA_DEFAULT_CLASS = 'storageclass.beta.kubernetes.io/is-default-class';

const isDefault = ({ metadata }: StorageClass): boolean =>
  metadata.annotations?.[DEFAULT_CLASS] === 'true' || metadata.annotations?.[BETA_DEFAULT_CLASS] === 'true';

/** The default class: of several the newest, then the first by name (pkg/volume/util/storageclass.go). */
function defaultClass(classes: Iterable<StorageClass>): StorageClass | undefined {
  return [...classes]
    .filter(isDefault)
    .sort(
      (a, b) =>
        parseTime(b.metadata.creationTimestamp) - parseTime(a.metadata.creationTimestamp) ||
        (a.metadata.name < b.metadata.name ? -1 : 1),
    )[0];
}

export class Provisioning {
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** A claim made before there was a default class gets it now; says whether it did. */
  *assignDefaultClass(claim: PersistentVolumeClaim): Task<boolean> {
    const { client, clock } = this.#context;
    const found = defaultClass(client.informer('storageclasses').list());
    if (!found) return false;
    yield* sleep(clock, 3);
    client.update('persistentvolumeclaims', {
      ...claim,
      spec: { ...claim.spec, storageClassName: found.metadata.name },
    });
    return true;
  }

  /** Names the provisioner on the claim and waits for it: none is built in. */
  *provision(claim: PersistentVolumeClaim): Task<void> {
    const { client, clock, recorder } = this.#context;
    const className = classOf(claim);
    const storageClass = client.informer('storageclasses').get('', className);
    if (!storageClass) {
      const message = `storageclass.storage.k8s.io "${className}" not found`;
      recorder.event(claim, 'Warning', 'ProvisioningFailed', message);
      return;
    }
    const provisioner = own(MIGRATED, storageClass.provisioner) ?? storageClass.provisioner;
    if (provisioner.startsWith('kubernetes.io/') && provisioner !== HOST_PATH) {
      recorder.event(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
      return;
    }
    const named = withAnnotations(claim, {
      [ANNOTATION.betaStorageProvisioner]: provisioner,
      [ANNOTATION.storageProvisioner]: provisioner,
    });
    let current = claim;
    if (named !== claim) {
      yield* sleep(clock, 3);
      current = client.update('persistentvolumeclaims', named);
    }
    if (provisioner === HOST_PATH) {
      const message = `Failed to create provisioner: provisioning in volume plugin "${HOST_PATH}" is disabled`;
      recorder.event(current, 'Warning', 'ProvisioningFailed', message);
      return;
    }
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    recorder.event(current, 'Normal', 'ExternalProvisioning', message);
  }
}

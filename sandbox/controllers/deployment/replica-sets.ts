/** The replica sets of one deployment during one sync: the new one and the old ones, and the writes on them (pkg/controller/deployment/sync.go). */

import { StatusError } from '../../api/object.ts';
import type { Deployment, PodTemplateSpec, ReplicaSet } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { shortHash } from '../hash.ts';
import { controllerReference, isControlledBy } from '../ownership.ts';
import { isTerminating } from '../pods.ts';
import { REVISION, revisionOf, sizesDiffer, withRevision, withSizes } from './annotations.ts';
import { desiredBy, maxSurge, newSetReplicas, replicasOf } from './arithmetic.ts';
import { findNewSet, maxRevision, TEMPLATE_HASH } from './revisions.ts';
import type { DeploymentStatus } from './status.ts';
import { condition, progressing, progressOf, withCondition } from './status.ts';

const OWNER = { apiVersion: 'apps/v1', kind: 'Deployment' } as const;

export class ReplicaSets {
  readonly deployment: Deployment;
  readonly #context: ControllerContext;
  #sets: readonly ReplicaSet[];
  #new: ReplicaSet | undefined;

  constructor(context: ControllerContext, deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.#context = context;
    this.deployment = deployment;
    this.#sets = sets;
    this.#new = findNewSet(deployment, sets);
  }

  get new(): ReplicaSet | undefined {
    return this.#new;
  }

  get old(): readonly ReplicaSet[] {
    const current = this.#new;
    return current ? this.#sets.filter((set) => set.metadata.uid !== current.metadata.uid) : this.#sets;
  }

  get all(): readonly ReplicaSet[] {
    return this.#sets;
  }

  /** getNewReplicaSet without creating: its revision and annotations follow the deployment's. */
  find(): void {
    const current = this.#new;
    if (!current) return;
    const { client, clock } = this.#context;
    const { deployment } = this;
    const annotations = withRevision(current.metadata.annotations ?? {}, deployment, maxRevision(this.old) + 1);
    const { minReadySeconds } = deployment.spec!;
    this.#replace(
      client.update('replicasets', {
        ...current,
        metadata: { ...current.metadata, annotations },
        spec: { ...current.spec!, ...(minReadySeconds !== undefined && { minReadySeconds }) },
      }),
    );
    let status = deployment.status ?? {};
    if (deployment.spec!.progressDeadlineSeconds !== undefined && !progressOf(status)) {
      const message = `Found new replica set "${current.metadata.name}"`;
      status = withCondition(status, progressing('True', 'FoundNewReplicaSet', message, clock.now));
    }
    this.#note(annotations[REVISION]!, status);
  }

  findOrCreate(): void {
    if (this.#new) this.find();
    else this.#create();
  }

  /** Scales a set if need be, and keeps its memory of the deployment's size (scaleReplicaSetAndRecordEvent); says whether it changed size. */
  scale(set: ReplicaSet, replicas: number): boolean {
    const { client, recorder } = this.#context;
    const { deployment } = this;
    const before = replicasOf(set);
    const desired = desiredBy(deployment);
    const max = desired + maxSurge(deployment);
    if (before === replicas && !sizesDiffer(set, desired, max)) return false;
    this.#replace(
      client.update('replicasets', {
        ...set,
        metadata: { ...set.metadata, annotations: withSizes(set.metadata.annotations ?? {}, desired, max) },
        spec: { ...set.spec!, replicas },
      }),
    );
    if (before === replicas) return false;
    const direction = replicas > before ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    recorder.event(deployment, 'Normal', 'ScalingReplicaSet', message);
    return true;
  }

  /** cleanupDeployment: the oldest empty sets beyond the history limit go. */
  cleanUp(): void {
    const limit = this.deployment.spec!.revisionHistoryLimit;
    if (limit === undefined) return;
    const candidates = this.old.filter((set) => !isTerminating(set)).sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of candidates.slice(0, Math.max(0, candidates.length - limit))) {
      const { replicas = 0, observedGeneration = 0 } = set.status ?? {};
      if (replicas !== 0 || replicasOf(set) !== 0 || (set.metadata.generation ?? 0) > observedGeneration) continue;
      this.#context.client.delete('replicasets', set.metadata.namespace ?? '', set.metadata.name);
    }
  }

  #create(): void {
    const { client, clock, recorder } = this.#context;
    const { deployment } = this;
    const { namespace = '', name } = deployment.metadata;
    const set = this.#createSet();
    if (set instanceof StatusError) {
      const message = `Failed to create new replica set "${this.#nameOfNew()}": ${set.message}`;
      const failed = condition('Progressing', 'False', 'ReplicaSetCreateError', message, clock.now);
      client.mutate(
        'deployments',
        namespace,
        name,
        (current) => ({ ...current, status: withCondition(current.status ?? {}, failed) }),
        'status',
      );
      recorder.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
      throw set;
    }
    this.#sets = [...this.#sets, set];
    this.#new = set;
    const replicas = replicasOf(set);
    if (replicas > 0) {
      const message = `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`;
      recorder.event(deployment, 'Normal', 'ScalingReplicaSet', message);
    }
    const message = `Created new replica set "${set.metadata.name}"`;
    const created = progressing('True', 'NewReplicaSetCreated', message, clock.now);
    const status = deployment.status ?? {};
    const hasDeadline = deployment.spec!.progressDeadlineSeconds !== undefined;
    this.#note(set.metadata.annotations![REVISION]!, hasDeadline ? withCondition(status, created) : status);
  }

  /** The created set; a name that another deployment's set has counts as a collision of hashes, and the next sync takes another. */
  #createSet(): ReplicaSet | StatusError {
    const { client } = this.#context;
    const { deployment } = this;
    const { namespace = '' } = deployment.metadata;
    try {
      return client.create('replicasets', namespace, this.#draft());
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.status.reason !== 'AlreadyExists') return error;
      const existing = client.get('replicasets', namespace, this.#nameOfNew());
      if (existing && isControlledBy(existing, deployment) && findNewSet(deployment, [existing])) return existing;
      const { collisionCount = 0 } = deployment.status ?? {};
      client.updateStatus('deployments', {
        ...deployment,
        status: { ...deployment.status, collisionCount: collisionCount + 1 },
      });
      throw error;
    }
  }

  #draft() {
    const { deployment } = this;
    const hash = this.#hash();
    const template = deployment.spec!.template as PodTemplateSpec;
    const labels = { ...template.metadata?.labels, [TEMPLATE_HASH]: hash };
    const { selector, minReadySeconds } = deployment.spec!;
    const desired = desiredBy(deployment);
    const annotations = withSizes(
      withRevision({}, deployment, maxRevision(this.#sets) + 1),
      desired,
      desired + maxSurge(deployment),
    );
    return {
      metadata: {
        name: this.#nameOfNew(),
        labels,
        annotations,
        ownerReferences: [controllerReference(deployment, OWNER)],
      },
      spec: {
        replicas: newSetReplicas(deployment, this.#sets, 0),
        ...(minReadySeconds && { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
  }

  #hash(): string {
    return shortHash(this.deployment.spec!.template, this.deployment.status?.collisionCount);
  }

  #nameOfNew(): string {
    return `${this.deployment.metadata.name}-${this.#hash()}`;
  }

  /** Writes the deployment's own revision and status in one. Later writes of this sync then conflict, and the sync is repeated, as upstream's is. */
  #note(revision: string, status: DeploymentStatus): void {
    const { deployment } = this;
    const { annotations } = deployment.metadata;
    if (annotations?.[REVISION] === revision && status === deployment.status) return;
    this.#context.client.updateStatus('deployments', {
      ...deployment,
      metadata: { ...deployment.metadata, annotations: { ...annotations, [REVISION]: revision } },
      status,
    });
  }

  #replace(set: ReplicaSet): void {
    this.#sets = this.#sets.map((each) => (each.metadata.uid === set.metadata.uid ? set : each));
    if (this.#new?.metadata.uid === set.metadata.uid) this.#new = set;
  }
}

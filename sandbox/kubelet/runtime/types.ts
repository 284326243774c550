/** What the runtime tells of sandboxes and containers: the values of the Container Runtime Interface (cri-api, api.proto). */

import type { Signal } from '../../machines/process.ts';

export type ContainerState = 'created' | 'running' | 'exited';

/** One run of one container of a pod; a restart makes another with the next attempt. */
export interface ContainerStatusRecord {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  /** As written in the pod. */
  readonly image: string;
  /** `docker.io/library/nginx:latest`. */
  readonly imageName: string;
  /** `docker.io/library/nginx@sha256:…`. */
  readonly imageRef: string;
  readonly state: ContainerState;
  /** Milliseconds since the epoch; 0 while it has not come to that. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly signal?: Signal;
  readonly reason: string;
  readonly message: string;
}

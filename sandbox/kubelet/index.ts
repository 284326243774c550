/** The kubelet room: what the world assembles from it. */

export { Kubelet } from './kubelet.ts';
export type { NodeOptions } from './node-status.ts';
export { PodDispatcher } from './pod-dispatcher.ts';
export { nodePrograms } from './programs/index.ts';
export { startServiceNetwork } from './service-network/index.ts';

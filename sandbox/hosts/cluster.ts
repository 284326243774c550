/** What the sandbox loads while the machines' prompts already stand: the cluster, sessions on it, and what is told of them. */

export { ReplayError } from '../session/replay.ts';
export { Session } from '../session/session.ts';
export { activity } from '../world/activity.ts';
export { createWorld } from '../world/lab.ts';
export { picture } from '../world/picture.ts';

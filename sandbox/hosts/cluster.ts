/** What the sandbox loads while the machines' prompts already stand: the cluster, sessions on it, and what is told of them. */

export { ReplayError } from '../session/replay.ts';
export { activity } from '../world/activity.ts';
export { picture } from '../world/picture.ts';
export { openBeginning, openSession } from './opening.ts';
export { happened, LookingBack, objects, objectYaml } from './past.ts';

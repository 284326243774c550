/** A page that hears nothing of its sandbox: it asks. */

import type { PageFunctions } from '../../sandbox/channel/messages.ts';

const nothing = () => {};
export const silent: PageFunctions = {
  replaying: nothing,
  output: nothing,
  restarted: nothing,
  picture: nothing,
  progress: nothing,
  logged: nothing,
  ended: nothing,
  time: nothing,
  activity: nothing,
  used: nothing,
  unloadable: nothing,
};

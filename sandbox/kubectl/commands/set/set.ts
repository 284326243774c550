/** `kubectl set …`: changes to fields of workloads (kubectl pkg/cmd/set). */

import type { Command } from '../../cli/command.ts';
import { setEnv } from './env.ts';
import { setImage } from './image.ts';
import { setSelector, setServiceAccount, setSubject } from './others.ts';
import { setResources } from './resources.ts';

export const set: Command = {
  name: 'set',
  commands: [setEnv, setImage, setResources, setSelector, setServiceAccount, setSubject],
  helpTo: 'stderr',
};

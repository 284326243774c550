/** Puts a sandbox behind a transport: what the page calls is answered, what the world tells is sent. */

import { type ChannelOptions, createBirpc } from 'birpc';
import type { PageFunctions, SandboxFunctions } from '../channel/messages.ts';
import type { HostTimers } from '../sim/driver.ts';
import { Sandbox } from './sandbox.ts';

const CALLS = [
  'start',
  'put',
  'skip',
  'speed',
  'language',
  'foreground',
  'pulse',
] as const satisfies readonly (keyof SandboxFunctions)[];

export function answerChannel(transport: ChannelOptions, timers: HostTimers): Sandbox {
  const functions: Partial<Record<(typeof CALLS)[number], unknown>> = {};
  const page = createBirpc<PageFunctions, Partial<SandboxFunctions>>(functions as Partial<SandboxFunctions>, {
    ...transport,
    // What the sandbox tells the page needs no answer.
    eventNames: [
      'output',
      'restarted',
      'picture',
      'progress',
      'logged',
      'time',
      'activity',
      'replaying',
      'used',
      'unloadable',
    ],
    timeout: -1,
  });
  const sandbox = new Sandbox(page as unknown as PageFunctions, timers);
  for (const name of CALLS) functions[name] = (sandbox[name] as (...args: unknown[]) => unknown).bind(sandbox);
  return sandbox;
}

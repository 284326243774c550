/** Puts a sandbox behind a transport: what the page calls is answered, what the world tells is sent. */

import { type ChannelOptions, createBirpc } from 'birpc';
import type { PageFunctions, SandboxFunctions } from '../channel/messages.ts';
import type { HostTimers } from '../sim/driver.ts';
import { tellFaults } from './faults.ts';
import { Sandbox } from './sandbox.ts';

const CALLS = [
  'start',
  'put',
  'skip',
  'speed',
  'language',
  'foreground',
  'pulse',
  'save',
  'files',
  'readFile',
  'judge',
  'kinds',
  'fieldHelp',
  'recall',
  'moment',
  'screen',
  'objects',
  'object',
  'happened',
  'why',
  'grade',
] as const satisfies readonly (keyof SandboxFunctions)[];

/** `onWorld` hears when another world takes the place of the one before (begun, undone, jumped). */
export function answerChannel(transport: ChannelOptions, timers: HostTimers, onWorld?: () => void): Sandbox {
  const functions: Partial<Record<(typeof CALLS)[number], unknown>> = {};
  const page = createBirpc<PageFunctions, Partial<SandboxFunctions>>(functions as Partial<SandboxFunctions>, {
    ...transport,
    // What the sandbox tells the page needs no answer.
    eventNames: [
      'output',
      'restarted',
      'ended',
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
  const told = page as unknown as PageFunctions;
  const restarted = () => {
    onWorld?.();
    told.restarted();
  };
  tellFaults();
  const sandbox = new Sandbox(onWorld ? Object.create(told, { restarted: { value: restarted } }) : told, timers);
  for (const name of CALLS) functions[name] = (sandbox[name] as (...args: unknown[]) => unknown).bind(sandbox);
  return sandbox;
}

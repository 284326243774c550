/** A step's solution, typed into the terminals as a learner would, waiting for the prompt between commands. */

import { sleep, type Task } from '../sim/task.ts';
import type { World } from '../world/world.ts';
import { heredoc } from './manifest.ts';
import type { LessonDocument, SolutionCommand, Step } from './schema.ts';

/** Between two typed lines (virtual milliseconds): fast enough not to bore, slow enough to be read. */
const BETWEEN_LINES = 40;
const PATIENCE = 300_000;

/**
 * What brings a terminal back to its prompt, tried in turn: an interrupt ends commands and half-typed lines, the end of
 * input ends a shell in a container, `q` leaves `less`, and the last one `vi`; a shell may have been below either.
 */
const WAYS_OUT = ['\x03', '\x04', 'q', '\x1b:q!\r', '\x03', '\x04'];
/** How long each of them gets (virtual milliseconds). */
const WAY_OUT = 600;

/** The learner's terminals may be anywhere, in an editor or a container: they are brought back to their prompts. */
export function* freeTerminals(world: World, hosts: Iterable<string>): Task<void> {
  for (const host of hosts) {
    for (const [tried, keys] of WAYS_OUT.entries()) {
      // The first goes to a prompt too: a line may stand there half typed.
      if (tried > 0 && world.atPrompt(host)) break;
      world.terminal(host).input(keys);
      yield* until(world, () => world.atPrompt(host), 20, WAY_OUT);
    }
  }
}

export function* typeSolution(
  world: World,
  lesson: LessonDocument,
  step: Step,
  isTrue: (expression: string) => boolean,
): Task<void> {
  for (const command of step.solution) {
    if (command.wait) yield* until(world, () => isTrue(command.wait!), 200);
    yield* until(world, () => world.atPrompt(command.host), 20);
    yield* typeLines(world, command.host, `${commandLines(lesson, command)}\n`);
    if (command.keys) {
      // The program that reads these keys (a shell in a container, vi) has to be there first.
      yield* sleep(world.clock, 1_000);
      yield* typeLines(world, command.host, command.keys.replaceAll('\r', '\n'));
    }
    yield* sleep(world.clock, BETWEEN_LINES);
    yield* until(world, () => world.atPrompt(command.host), 20);
  }
}

function commandLines(lesson: LessonDocument, command: SolutionCommand): string {
  if (command.write === undefined) return command.run!.replace(/\n$/, '');
  const text = lesson.manifests[command.write];
  if (text === undefined) throw new Error(`lesson "${lesson.id}" has no file "${command.write}"`);
  return heredoc(command.write, text);
}

function* typeLines(world: World, host: string, text: string): Task<void> {
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    world.terminal(host).input(line.replace('\n', '\r'));
    yield* sleep(world.clock, BETWEEN_LINES);
  }
}

function* until(world: World, done: () => boolean, every: number, patience = PATIENCE): Task<void> {
  const end = world.clock.now + patience;
  while (!done() && world.clock.now < end) yield* sleep(world.clock, every);
}

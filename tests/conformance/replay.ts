/** Replays a transcript against a fresh cluster, command by command at its recorded time, and compares the answers. */

import { cleanUp, wasCleaned } from './clean-up.ts';
import { type ServedCluster, serveCluster } from './cluster.ts';
import { Names } from './names.ts';
import { normalised, withoutChoices } from './normalise.ts';
import { realKubectl } from './real-kubectl.ts';
import { type Answer, Scratch } from './scratch.ts';
import { type RecordedCommand, transcript } from './transcript.ts';

export interface Outcome {
  readonly recorded: RecordedCommand;
  readonly agrees: boolean;
  /** Both answers, normalised. */
  readonly expected: string;
  readonly actual: string;
}

/** While an ordinary command runs, the cluster's time passes slower than ours: this machine may be slower than the recorder. */
const SLOW = 0.25;
/** A command that took longer than this waited for the cluster, or for its own timeout. */
const WAITED_MS = 1_500;
const LIMIT_MS = 60_000;
/** What happened to the nodes between two stages of `nodedown`. */
const NODES: Readonly<Record<string, { afterCommand: number; at: number; act: 'stop' | 'start'; node: string }[]>> = {
  nodedown: [
    { afterCommand: 2, at: 100, act: 'stop', node: 'node02' },
    { afterCommand: 69, at: 100, act: 'start', node: 'node02' },
  ],
};

export async function* replay(name: string, only?: (recorded: RecordedCommand) => boolean): AsyncGenerator<Outcome> {
  const commands = transcript(name);
  const began = Date.parse(commands[0]!.at);
  const elapsed = ({ at }: RecordedCommand) => Date.parse(at) - began;
  // kubectl tells ages by its own clock: the cluster's must not run ahead of it.
  const cluster = await serveCluster(Date.now() - elapsed(commands.at(-1)!));
  const scratch = new Scratch(realKubectl(), cluster.url);
  const names = new Names();
  try {
    let before: RecordedCommand | undefined;
    for (const recorded of commands) {
      if (only && !only(recorded)) continue;
      if (before && wasCleaned(name, before, recorded)) {
        await cluster.reach(elapsed(before) + before.ms);
        await cleanUp(cluster, elapsed(recorded));
      }
      before = recorded;
      await cluster.reach(elapsed(recorded));
      const answer = await run(recorded, { cluster, scratch, names });
      names.saw(recorded.stdout, answer.stdout);
      yield compared(recorded, answer);
      for (const { afterCommand, at, act, node } of NODES[name] ?? []) {
        if (afterCommand !== recorded.n) continue;
        await cluster.reach(elapsed(recorded) + recorded.ms + at);
        cluster.kubelets[act](node);
      }
    }
  } finally {
    cluster.close();
    scratch.remove();
  }
}

interface Stage {
  readonly cluster: ServedCluster;
  readonly scratch: Scratch;
  readonly names: Names;
}

async function run(recorded: RecordedCommand, { cluster, scratch, names }: Stage): Promise<Answer> {
  for (const [path, text] of Object.entries(recorded.files ?? {})) scratch.write(`work/${path}`, text);
  const editor = recorded.env?.EDITOR;
  if (editor) scratch.write(`editors/${editor}`, `#!/bin/sh\n${recorded.why}\n`, 0o755);
  const ended = typeof recorded.rc === 'string';
  cluster.pace(recorded.ms > WAITED_MS ? 1 : SLOW);
  const command = names.translate(recorded.cmd, await podNames(cluster.url));
  return scratch.run({
    command,
    ...(recorded.stdin !== undefined && { stdin: recorded.stdin }),
    ...(recorded.env && { env: recorded.env }),
    limit: ended ? recorded.ms : LIMIT_MS,
  });
}

async function podNames(url: string): Promise<string[]> {
  const { items } = (await (await fetch(`${url}/api/v1/pods`)).json()) as { items: { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}

function compared(recorded: RecordedCommand, answer: Answer): Outcome {
  const expected = told(recorded);
  const actual = told(answer);
  return {
    recorded,
    agrees: expected === actual || withoutChoices(expected) === withoutChoices(actual),
    expected,
    actual,
  };
}

const told = ({ stdout, stderr, rc }: Answer): string =>
  `${normalised(stdout)}--- stderr, exit code ${rc}\n${normalised(stderr)}`;

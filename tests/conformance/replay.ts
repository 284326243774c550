/** Replays a transcript against a fresh cluster, command by command at its recorded time, and compares the answers. */

import { join } from 'node:path';
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

/** How much of what the last command said about this machine's speed is believed. */
const BELIEF = 0.2;
const SLOWEST = 0.15;
/** A command that took longer than this waited for the cluster, or for its own timeout. */
const WAITED_MS = 1_500;
const CRON_MS = 300_000;
const LIMIT_MS = 60_000;
/** Stages of `errors` that were recorded as somebody else, or without a configuration. */
const KUBECONFIGS: Readonly<Record<string, string>> = { forbidden: 'home/.kube/developer', 'no-server': 'home/none' };
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
  const cluster = await serveCluster(inThePast(began, elapsed(commands.at(-1)!)));
  const scratch = new Scratch(realKubectl(), cluster.url);
  const names = new Names();
  const pace = new Pace();
  // The article's manifests were in their folder from the beginning: one command applies the folder.
  for (const { files = {} } of commands.toReversed()) {
    for (const [path, text] of Object.entries(files)) if (path.includes('/')) scratch.write(`work/${path}`, text);
  }
  try {
    let before: RecordedCommand | undefined;
    for (const recorded of commands) {
      if (only && !only(recorded)) continue;
      if (before && wasCleaned(name, before, recorded)) {
        await cluster.reach(elapsed(before) + before.ms);
        await cleanUp(cluster, elapsed(recorded), before.stage !== recorded.stage);
      }
      before = recorded;
      await cluster.reach(elapsed(recorded));
      const answer = await run(recorded, { cluster, scratch, names, pace });
      names.saw(recorded.stdout, answer.stdout);
      const outcome = compared(recorded, answer);
      if (outcome.agrees) names.agreed(recorded.stdout, answer.stdout);
      yield outcome;
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

/** kubectl tells ages by its own clock, which the cluster's must not overtake; and cron jobs go by the clock's minutes. */
function inThePast(began: number, span: number): number {
  const past = Date.now() - span;
  return past - ((((past - began) % CRON_MS) + CRON_MS) % CRON_MS);
}

interface Stage {
  readonly cluster: ServedCluster;
  readonly scratch: Scratch;
  readonly names: Names;
  readonly pace: Pace;
}

/** While an ordinary command runs, the cluster's time passes as much slower than ours as this machine is slower than the recorder's. */
class Pace {
  now = 0.5;

  learn(ratio: number): void {
    this.now = Math.min(1, Math.max(SLOWEST, this.now + (ratio - this.now) * BELIEF));
  }
}

async function run(recorded: RecordedCommand, { cluster, scratch, names, pace }: Stage): Promise<Answer> {
  for (const [path, text] of Object.entries(recorded.files ?? {}))
    scratch.write(`work/${path}`, await claimUids(cluster.url, names.withUids(text)));
  const editor = recorded.env?.EDITOR;
  if (editor) scratch.write(`editors/${editor}`, `#!/bin/sh\n${recorded.why}\n`, 0o755);
  const ended = typeof recorded.rc === 'string';
  const config = recorded.cmd.includes(' -s ') ? undefined : KUBECONFIGS[recorded.stage];
  const waits = recorded.ms > WAITED_MS;
  cluster.pace(waits ? 1 : pace.now);
  const command = names.withUids(names.translate(recorded.cmd, await generatedNames(cluster.url)));
  const started = performance.now();
  const answer = await scratch.run({
    command,
    ...(recorded.stdin !== undefined && { stdin: recorded.stdin }),
    env: { ...recorded.env, ...(config !== undefined && { KUBECONFIG: join(scratch.folder, config) }) },
    limit: ended ? recorded.ms : LIMIT_MS,
  });
  if (!waits) pace.learn(recorded.ms / (performance.now() - started));
  return answer;
}

/** The recorder looked a claim's uid up before it wrote a volume for it, as a provisioner does. */
async function claimUids(url: string, text: string): Promise<string> {
  const [, claim, uid] = /claimRef: \{.*\bname: (\S+), uid: (\S+)\}/.exec(text) ?? [];
  if (!claim || !uid) return text;
  const response = await fetch(`${url}/api/v1/namespaces/default/persistentvolumeclaims/${claim}`);
  const { metadata } = (await response.json()) as { metadata: { uid?: string } };
  return metadata.uid ? text.replaceAll(uid, metadata.uid) : text;
}

async function generatedNames(url: string): Promise<string[]> {
  const lists = ['/api/v1/pods', '/apis/apps/v1/replicasets'].map(async (path) => {
    const { items } = (await (await fetch(url + path)).json()) as { items: { metadata: { name: string } }[] };
    return items.map(({ metadata }) => metadata.name);
  });
  return (await Promise.all(lists)).flat();
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

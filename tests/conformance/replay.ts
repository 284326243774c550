/** Replays a transcript against a fresh cluster, command by command at its recorded time, and compares the answers with the recorded ones. */

import { join } from 'node:path';
import type { Client } from '../../sandbox/api/client.ts';
import { Choices } from './choices.ts';
import { cleanUp, wasCleaned } from './clean-up.ts';
import { type Circumstances, type ServedCluster, serveCluster } from './cluster.ts';
import { startComingUp } from './coming-up.ts';
import { Names, withClaimUid } from './names.ts';
import { normalised, withoutChoices } from './normalise.ts';
import { realKubectl } from './real-kubectl.ts';
import { type Answer, Scratch } from './scratch.ts';
import { startStandIns } from './stand-ins.ts';
import { type RecordedCommand, transcript } from './transcript.ts';

export interface Outcome {
  readonly recorded: RecordedCommand;
  readonly answer: Answer;
  readonly agrees: boolean;
  /** Both answers, normalised. */
  readonly expected: string;
  readonly actual: string;
}

const CRON_MS = 300_000;
const LIMIT_MS = 60_000;
/** What a kubectl takes that nobody timed. */
const SILENT_MS = 60;
/** Commands that follow each other overlap by less, in the recorder's clock. */
const OVERLAP_MS = 50;
/** Stages of `errors` that were recorded as somebody else, or without a configuration. */
const KUBECONFIGS: Readonly<Record<string, string>> = { forbidden: 'home/.kube/developer', 'no-server': 'home/none' };
/** What happened to the nodes of `nodedown`, in milliseconds of the transcript. */
const NODES: Readonly<Record<string, readonly NodeEvent[]>> = {
  nodedown: [
    { at: 25_900, act: 'stop', node: 'node02' },
    { at: 485_000, act: 'start', node: 'node02' },
  ],
};

const PLANES: Readonly<Record<string, Circumstances>> = { nodedown: { startPlane: startComingUp } };

interface NodeEvent {
  readonly at: number;
  readonly act: 'stop' | 'start';
  readonly node: string;
}

export interface Replay {
  readonly only?: (recorded: RecordedCommand) => boolean;
  /** The folder of the kubectl to use; the real one's if it is not given. */
  readonly kubectl?: string;
  /** Time passes only with requests and with clients that clearly wait: the same commands find the same cluster every time. */
  readonly still?: boolean;
  /** When it begins, by `beginning`. */
  readonly start?: number;
}

/** A moment at which the replay of a transcript can begin from now on. */
export function beginning(name: string): number {
  const times = transcript(name).map(({ at }) => Date.parse(at));
  return inThePast(Math.min(...times), Math.max(...times) - Math.min(...times));
}

export async function* replay(
  name: string,
  { only, kubectl, still = false, start = beginning(name) }: Replay = {},
): AsyncGenerator<Outcome> {
  const commands = transcript(name).sort((a, b) => started(a) - started(b));
  const began = started(commands[0]!);
  const elapsed = (recorded: RecordedCommand) => started(recorded) - began;
  const choices = new Choices(name, commands, () => cluster.pace.now - start);
  const cluster: ServedCluster = await serveCluster(start, {
    tieBreak: choices.node,
    ...PLANES[name],
    still,
  });
  const scratch = new Scratch(kubectl ?? realKubectl(), cluster.url);
  const stage = { cluster, scratch, names: new Names(), still };
  const nodes = [...(NODES[name] ?? [])];
  if (commands.some(({ silent }) => silent)) startStandIns(cluster, join(scratch.folder, 'run'));
  // The article's manifests were in their folder from the beginning: one command applies the folder.
  for (const { files = {} } of commands.toReversed()) {
    for (const [path, text] of Object.entries(files)) if (path.includes('/')) scratch.write(`work/${path}`, text);
  }
  let running: { readonly end: number; readonly outcome: Promise<Outcome> }[] = [];
  try {
    for (const [i, recorded] of commands.entries()) {
      if (only && !only(recorded)) continue;
      const before = commands[i - 1];
      const at = elapsed(recorded);
      while (nodes[0] && nodes[0].at <= at) {
        const event = nodes.shift()!;
        await cluster.pace.reach(start + event.at);
        cluster.kubelets[event.act](event.node);
      }
      if (before && wasCleaned(name, before, recorded)) {
        await cluster.pace.reach(start + elapsed(before) + before.ms);
        await cleanUp(cluster, start + at, before.stage !== recorded.stage);
      }
      if (before && recorded.silent) {
        await cluster.pace.reach(start + elapsed(before) + before.ms);
        for (const command of recorded.silent) await beSilent(command, stage);
      }
      await cluster.pace.reach(start + at);
      running.push({ end: at + recorded.ms, outcome: run(recorded, stage) });
      // The recorder ran some commands beside others: a watch, a deletion that waits.
      const next = commands[i + 1] ? elapsed(commands[i + 1]!) : Number.POSITIVE_INFINITY;
      const over = running.filter(({ end }) => next >= end - OVERLAP_MS);
      running = running.filter((each) => !over.includes(each));
      for (const { outcome } of over) yield await outcome;
    }
  } finally {
    cluster.close();
    scratch.remove();
  }
}

/** A watch that began in the same moment as a change had listed what was before it. */
const started = ({ at, rc }: RecordedCommand): number => Date.parse(at) - (typeof rc === 'string' ? OVERLAP_MS : 0);

/** kubectl tells ages by its own clock, which the cluster's must not overtake; and cron jobs go by the clock's minutes. */
function inThePast(began: number, span: number): number {
  const past = Date.now() - span;
  return past - ((((past - began) % CRON_MS) + CRON_MS) % CRON_MS);
}

interface Stage {
  readonly cluster: ServedCluster;
  readonly scratch: Scratch;
  readonly names: Names;
  readonly still: boolean;
}

async function beSilent(command: string, { cluster, scratch }: Stage): Promise<void> {
  await scratch.run({
    command,
    follow: (pid, kill) => cluster.pace.follow({ pid, work: SILENT_MS, limit: LIMIT_MS, onLimit: kill }),
  });
}

async function run(recorded: RecordedCommand, { cluster, scratch, names, still }: Stage): Promise<Outcome> {
  for (const [path, text] of Object.entries(recorded.files ?? {}))
    scratch.write(
      `work/${path}`,
      overPlainHttp(withClaimUid(names.withUids(text), uidOf(cluster.client)), cluster.url),
    );
  const editor = recorded.env?.EDITOR;
  if (editor) scratch.write(`editors/${editor}`, `#!/bin/sh\n${recorded.why}\n`, 0o755);
  const ended = typeof recorded.rc === 'string';
  const config = recorded.cmd.includes(' -s ') ? undefined : KUBECONFIGS[recorded.stage];
  const answer = await scratch.run({
    command: names.withUids(names.translate(recorded.cmd, generatedNames(cluster.client))),
    ...(recorded.stdin !== undefined && { stdin: recorded.stdin }),
    env: { ...recorded.env, ...(config !== undefined && { KUBECONFIG: join(scratch.folder, config) }) },
    follow: (pid, kill) =>
      cluster.pace.follow({ pid, work: still ? 0 : recorded.ms, limit: ended ? recorded.ms : LIMIT_MS, onLimit: kill }),
  });
  names.saw(recorded.stdout, answer.stdout);
  const outcome = compared(recorded, answer);
  if (outcome.agrees) names.agreed(recorded.stdout, answer.stdout);
  return outcome;
}

/** The recorder's curl asked a TLS server and had a token in a file: ours asks for neither. */
const overPlainHttp = (text: string, url: string): string =>
  text.replaceAll('https://127.0.0.1:7443', url).replaceAll(' -H @../run/auth', '');

const uidOf = (client: Client) => (claim: string) =>
  client.get('persistentvolumeclaims', 'default', claim)?.metadata.uid;

const generatedNames = (client: Client): string[] =>
  [...client.list('pods', ''), ...client.list('replicasets', '')].map(({ metadata }) => metadata.name);

function compared(recorded: RecordedCommand, answer: Answer): Outcome {
  const expected = told(recorded);
  const actual = told(answer);
  return {
    recorded,
    answer,
    agrees: expected === actual || withoutChoices(expected) === withoutChoices(actual),
    expected,
    actual,
  };
}

const told = ({ stdout, stderr, rc }: Answer): string =>
  `${normalised(stdout)}--- stderr, exit code ${rc}\n${normalised(stderr)}`;

/** Types a transcript's commands into the lab at their recorded times, and keeps what a watch sees meanwhile. */

import type { KubeObject } from '../../sandbox/api/object.ts';
import type { Pod } from '../../sandbox/api/types.ts';
import type { Channel } from '../../sandbox/sim/channel.ts';
import { advance, runUntil } from '../../sandbox/sim/driver.ts';
import { Coroutine } from '../../sandbox/sim/task.ts';
import { createWorld } from '../../sandbox/world/lab.ts';
import type { World } from '../../sandbox/world/world.ts';
import { withClaimUid } from '../conformance/names.ts';
import { type RecordedCommand, transcript } from '../conformance/transcript.ts';
import { Placements } from './placements.ts';
import type { Recording } from './recording.ts';
import type { WatchEvent } from './story.ts';

/** These change nothing. */
const READS =
  /^kubectl (get|describe|explain|version|api-\w+|auth|help|options|completion|cluster-info|top|events|logs|diff|wait|exec|cp|port-forward|attach|plugin|config view|rollout (status|history)|apply view-last-applied)\b/;

/** The recorders' controller managers had started at this time of every 15 s: the binder's resyncs go by it. */
const RESYNCS: Readonly<Record<string, number>> = { article: 0, scenarios: 2_780, beyond: 10_230 };
const RESYNC_MS = 15_000;
/** Chance decides what no rule does and no recording tells; with this seed it decides as the recorder's did, but for the exceptions. */
const SEED = 5;
/** The cluster has come to rest when the first command is typed. */
const REST_MS = 60_000;
/** A real kubectl sends its first request so long after it was started, and ends this long after its last. */
const START_MS = 130;
const LONG_MS = 1_000;
const LIMIT_MS = 60_000;

const WATCHED: Readonly<Record<string, string>> = {
  PersistentVolume: '/api/v1/persistentvolumes',
  PersistentVolumeClaim: '/api/v1/persistentvolumeclaims',
  Pod: '/api/v1/pods',
  Endpoints: '/api/v1/endpoints',
  Event: '/api/v1/events',
  Deployment: '/apis/apps/v1/deployments',
  ReplicaSet: '/apis/apps/v1/replicasets',
  StatefulSet: '/apis/apps/v1/statefulsets',
  ControllerRevision: '/apis/apps/v1/controllerrevisions',
};

/** An event at its virtual time, in milliseconds since the epoch. */
export interface Seen {
  readonly at: number;
  readonly type: WatchEvent['type'];
  readonly object: KubeObject;
}

/** Until `end`, in milliseconds since the epoch. */
export async function replay(
  { transcript: name, images }: Pick<Recording, 'transcript' | 'images'>,
  commands: readonly RecordedCommand[],
  end: number,
): Promise<Seen[]> {
  const began = Date.parse(commands[0]!.at);
  const phase = (began - RESYNCS[name]!) % RESYNC_MS;
  const session = new Session(began - phase - REST_MS, images, name);
  await session.prepare(commands);
  for (const command of commands) await session.type(command);
  await session.reach(end);
  return session.seen.sort((a, b) => revision(a) - revision(b));
}

const revision = ({ object }: Seen): number => Number(object.metadata.resourceVersion);

class Session {
  readonly #world: World;
  readonly seen: Seen[] = [];
  readonly #placements: Placements;
  readonly #pods = new Map<string, string>();

  constructor(start: number, images: readonly string[], name: string) {
    const origin = Date.parse(transcript(name)[0]!.at);
    this.#placements = new Placements(name, () => this.#world.clock.now - origin);
    this.#world = createWorld({
      seed: SEED,
      stubKubelet: { images },
      tieBreak: this.#placements.node,
      start,
    });
    for (const path of Object.values(WATCHED)) this.#watch(path);
  }

  #watch(path: string): void {
    const { server, clock } = this.#world;
    const ask = (query: [string, string][]) => server.handle({ method: 'GET', path, query, headers: {} });
    const { metadata } = JSON.parse(ask([['limit', '1']]).body as string);
    const query: [string, string][] = [
      ['watch', '1'],
      ['resourceVersion', metadata.resourceVersion],
    ];
    const events = ask(query).body as Channel<string>;
    events.listen(() => {
      for (let line = events.take(); line !== undefined; line = events.take())
        this.seen.push({ at: clock.now, ...(JSON.parse(line) as WatchEvent) });
    });
  }

  /** The article's manifests were in their folder from the beginning: one command applies the folder. */
  async prepare(commands: readonly RecordedCommand[]): Promise<void> {
    await this.#run('mkdir scratch && cd scratch');
    for (const { files = {} } of commands.toReversed())
      for (const [path, text] of Object.entries(files)) if (path.includes('/')) await this.#write(path, text);
  }

  async type({ cmd, files = {}, env = {}, why, at, ms }: RecordedCommand): Promise<void> {
    if (!READS.test(cmd))
      await this.reach(Date.parse(at) + (ms < LONG_MS ? Math.max(ms - START_MS, START_MS / 2) : START_MS));
    for (const [path, text] of Object.entries(files)) await this.#write(path, withClaimUid(text, this.#claimUid));
    if (READS.test(cmd)) return;
    const { EDITOR: editor } = env;
    if (editor) await this.#write(`/root/editors/${editor}`, `#!/bin/sh\n${why}\n`);
    const prefix = editor ? `chmod +x /root/editors/${editor}; EDITOR=/root/editors/${editor} ` : '';
    await this.#run(prefix + this.#withNames(cmd));
  }

  async reach(time: number): Promise<void> {
    if (time > this.#world.clock.now) await advance(this.#world.clock, time);
  }

  #write(path: string, text: string): Promise<void> {
    return this.#run(`mkdir -p "$(dirname ${path})"; cat > ${path} <<'END'\n${text.replace(/\n$/, '')}\nEND`);
  }

  async #run(command: string): Promise<void> {
    const { clock } = this.#world;
    const coroutine = new Coroutine(clock, this.#world.script('master01', command, LIMIT_MS));
    await runUntil(clock, () => coroutine.outcome !== undefined, clock.now + LIMIT_MS * 2);
    if (coroutine.outcome?.status !== 'done') throw new Error(`${command} did not come back`);
  }

  readonly #claimUid = (claim: string): string | undefined =>
    this.#list(WATCHED.PersistentVolumeClaim!).find(({ metadata }) => metadata.name === claim)?.metadata.uid;

  /** A pod of a Deployment, and an attachment, by the names they have here. */
  #withNames(command: string): string {
    return command
      .replace(/\b([a-z][a-z-]*)-[0-9a-z]{8,10}-[0-9a-z]{5}\b/g, (name, deployment) => {
        const ours = this.#pods.get(name) ?? this.#podOf(name, deployment);
        if (ours) this.#pods.set(name, ours);
        return ours ?? name;
      })
      .replace(
        /\bcsi-[0-9a-f]{64}\b/g,
        (name) => this.#list('/apis/storage.k8s.io/v1/volumeattachments')[0]?.metadata.name ?? name,
      );
  }

  /** On the node of the recorded one, if there is one. */
  #podOf(recorded: string, deployment: string): string | undefined {
    const pods = this.#list(WATCHED.Pod!).filter(
      ({ metadata }) => metadata.name.startsWith(`${deployment}-`) && !metadata.deletionTimestamp,
    ) as Pod[];
    const node = this.#placements.nodeOf(recorded);
    return (pods.find(({ spec }) => spec?.nodeName === node) ?? pods[0])?.metadata.name;
  }

  #list(path: string): KubeObject[] {
    const { body } = this.#world.server.handle({ method: 'GET', path, query: [], headers: {} });
    return JSON.parse(body as string).items;
  }
}

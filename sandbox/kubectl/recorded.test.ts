/** Scenes of a real cluster replayed: what describe, rollout, drain, taint, explain and diff said of them. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { createWorld } from '../world/lab.ts';

interface Line {
  readonly scene: string;
  /** Milliseconds since the scene began. */
  readonly at: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly cmd: string;
  /** Without these a command only sets the scene. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly rc?: number;
}

const lines = readFileSync(new URL('./testdata/recorded.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

/** A master node where commands are typed at the recorded moments; kubelets are those of the recording. */
class Scene {
  readonly #world = createWorld({ seed: 1, stubKubelet: true });
  readonly #start = this.#world.clock.now;

  async run(command: string, at: number): Promise<{ stdout: string; stderr: string; rc: number }> {
    const { clock } = this.#world;
    if (this.#start + at > clock.now) await advance(clock, this.#start + at);
    const coroutine = new Coroutine(clock, this.#world.script('master01', command, 120_000));
    await runUntil(clock, () => coroutine.outcome !== undefined, clock.now + 180_000);
    const { outcome } = coroutine;
    if (outcome?.status !== 'done' || !outcome.value) throw new Error(`${command} did not come back`);
    const { stdout, stderr, exitCode } = outcome.value;
    return { stdout, stderr, rc: exitCode };
  }
}

const HASH = '[bcdfghjklmnpqrstvwxz2456789]';

/** What differs between two real clusters: times, ages, generated names and addresses, and with them the columns. */
const normalized = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replace(/kube-api-access-\w{5}/g, 'kube-api-access')
    .replace(new RegExp(`-${HASH}{6,10}-${HASH}{5}\\b`, 'g'), '-HASH')
    .replace(new RegExp(`(-|-hash=)(?=${HASH}*[2-9])${HASH}{8,10}\\b`, 'g'), '$1HASH')
    .replace(/(LIVE|MERGED)-\d+/g, '$1')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(Z| \+0000)/g, 'TIME')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]+ \+0000/g, 'TIME')
    .replace(/\d+\.\d+\.\d+\.\d+/g, 'ADDRESS')
    .replace(/node0[12]/g, 'NODE')
    .replace(/\b\d+[smhd](\d+[smh])?\b( \(x\d+ over \S+\))?/g, 'AGE')
    .replace(/(resourceVersion: )"\d+"/g, '$1N')
    .replace(/[ \t]+/g, ' ')
    .replace(/-{3,}/g, '---');

/** How often a status is seen on its way depends on the speed of a cluster: the last line counts. */
const outcome = (cmd: string, stdout: string): string =>
  normalized(cmd.includes('rollout status') ? (stdout.trimEnd().split('\n').at(-1) ?? '') : stdout);

for (const scene of new Set(lines.map((line) => line.scene))) {
  test(scene, async () => {
    const cluster = new Scene();
    await cluster.run('mkdir scratch && cd scratch', 0);
    for (const { at, files = {}, cmd, stdout, stderr, rc } of lines.filter((line) => line.scene === scene)) {
      for (const [path, text] of Object.entries(files))
        await cluster.run(`mkdir -p "$(dirname ${path})"; cat > ${path} <<'END'\n${text.replace(/\n$/, '')}\nEND`, at);
      const result = await cluster.run(cmd, at);
      if (rc === undefined) continue;
      const [out, wanted] = [result.stdout, stdout!].map((text) => outcome(cmd, text));
      expect({ cmd, out, err: normalized(result.stderr), rc: result.rc }).toEqual({
        cmd,
        out: wanted,
        err: normalized(stderr!),
        rc,
      });
    }
  });
}

/** Kustomizations built in the lab, as kubectl 1.35.2 builds the same folders (testdata: `kubectl kustomize /tmp/kustom/FOLDER`). */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runUntil } from '../../sim/driver.ts';
import { Coroutine } from '../../sim/task.ts';
import { createWorld } from '../../world/lab.ts';

const FOLDERS = join(import.meta.dirname, '../../../tests/conformance/static/files/kustom');
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'testdata/recorded.json'), 'utf8')) as Record<
  string,
  { readonly stdout: string; readonly stderr: string; readonly rc: number }
>;

const world = createWorld({ seed: 1, stubKubelet: true });

async function run(command: string) {
  const { clock } = world;
  const coroutine = new Coroutine(clock, world.script('master01', command, 60_000));
  await runUntil(clock, () => coroutine.outcome !== undefined, clock.now + 120_000);
  if (coroutine.outcome?.status !== 'done') throw new Error(`${command} did not come back`);
  return coroutine.outcome.value;
}

beforeAll(async () => {
  for (const path of readdirSync(FOLDERS, { recursive: true, encoding: 'utf8' })) {
    const file = join(FOLDERS, path);
    const [target, folder] = [`/tmp/kustom/${path}`, statSync(file).isDirectory()];
    await run(folder ? `mkdir -p ${target}` : `cat > ${target} <<'END'\n${readFileSync(file, 'utf8').trimEnd()}\nEND`);
  }
});

test.for(Object.entries(recorded))('kubectl kustomize %s', async ([folder, { stdout, stderr, rc }]) => {
  const answer = await run(`kubectl kustomize /tmp/kustom/${folder}`);
  expect({ stdout: answer.stdout, stderr: answer.stderr, rc: answer.exitCode }).toEqual({ stdout, stderr, rc });
});

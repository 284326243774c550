/** The article's figures are recognised where the lessons' solutions lead, and nowhere else. */

import { afterEach, expect, test } from 'vitest';
import { lessonsFromDisk } from '../../../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../../../sandbox/hosts/opening.ts';
import type { CommandResult } from '../../../sandbox/lesson/observation.ts';
import type { Session } from '../../../sandbox/session/session.ts';
import { advance } from '../../../sandbox/sim/driver.ts';
import { picture } from '../../../sandbox/world/picture.ts';
import { figuresOf } from './figures.ts';

const lessons = lessonsFromDisk();
let session: Session;
afterEach(() => session.close());

/** The lab at the beginning of a step: the solutions before it were typed. */
async function at(lesson: string, step: string): Promise<void> {
  session = await openSession({ seed: 7, start: { lesson, step }, language: 'en', lessons });
}

async function run(command: string, host = 'master01'): Promise<void> {
  await session.result<CommandResult>(session.input({ type: 'run', host, command }), 120_000);
  await advance(session.world.clock, session.now + 30_000);
}

const seen = () => figuresOf(picture(session.world)).map(({ figure, workload }) => `${figure} ${workload}`);

test('one Pod is no figure, two on one claim are 001, and 002 once one has been replaced', async () => {
  await at('two-replicas', 'apply');
  expect(seen()).toEqual([]);
  await run('kubectl scale deployment persistent-deployment --replicas=2');
  expect(seen()).toEqual(['001 persistent-deployment']);
  // Up and down again replaces nobody.
  await run('kubectl scale deployment persistent-deployment --replicas=3');
  await run('kubectl scale deployment persistent-deployment --replicas=2');
  expect(seen()).toEqual(['001 persistent-deployment']);
  await run('kubectl delete $(kubectl get pods -o name | head -n 1)');
  expect(seen()).toEqual(['002 persistent-deployment']);
});

test('the StatefulSet of lesson 8 is 003 beside the Deployment, and 004 once its Pod has come back', async () => {
  await at('identity', 'restart');
  expect(seen()).toEqual(['002 persistent-deployment', '003 persistent-stateset']);
  await run('kubectl delete pod persistent-stateset-0');
  expect(seen()).toEqual(['002 persistent-deployment', '004 persistent-stateset']);
});

test('without its volume mounted, or while a Pod is missing, it is none', async () => {
  await at('identity', 'restart');
  session.input({
    type: 'run',
    host: 'master01',
    command: 'kubectl scale statefulset persistent-stateset --replicas=3',
  });
  await advance(session.world.clock, session.now + 60_000);
  expect(seen()).toEqual(['002 persistent-deployment']);
});

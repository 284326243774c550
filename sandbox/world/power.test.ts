/** Machines that are switched off and on, and services that are killed, as a learner meets them. */

import { expect, test } from 'vitest';
import { Errno } from '../machines/errno.ts';
import type { ServiceManager } from '../machines/systemd/manager.ts';
import { Coroutine } from '../sim/task.ts';
import { createWorld } from './lab.ts';

const LIMIT = 60_000;

function start() {
  const world = createWorld({ seed: 1 });
  const advance = (ms: number) => world.clock.advanceTo(world.clock.now + ms);
  const outcome = (host: string, command: string) => {
    const running = new Coroutine(world.clock, world.script(host, command, LIMIT));
    while (!running.outcome && world.clock.step());
    return running.outcome!;
  };
  const screen = (host: string) => {
    const seen: string[] = [];
    world.terminal(host).onOutput((data) => seen.push(data));
    return seen;
  };
  return { world, advance, outcome, screen };
}

test('a host that is off answers nobody; Enter in its terminal, or its button, boots it', () => {
  const { world, advance, outcome, screen } = start();
  const seen = screen('node01');
  const machine = world.machines.get('node01')!;
  world.power('node01', false);
  advance(1_000);
  expect(seen.join('')).toContain(
    'Connection to node01 closed by remote host.\r\nConnection to node01 closed.\r\n(node01 is off. Enter switches it on.)\r\n',
  );
  expect(outcome('node01', 'hostname')).toMatchObject({
    status: 'failed',
    error: { message: 'ssh: connect to host node01 port 22: No route to host' },
  });
  world.terminal('node01').input('x');
  advance(60_000);
  expect(machine.up).toBe(false);
  world.terminal('node01').input('\r');
  advance(60_000);
  expect(machine.up).toBe(true);
  expect(world.atPrompt('node01')).toBe(true);

  world.power('node01', false);
  world.power('node01', true);
  world.power('node01', true);
  advance(60_000);
  expect(machine.up).toBe(true);
});

test('a service that is killed is started again, one that is stopped is not, and one that cannot start has failed', () => {
  const { world, advance } = start();
  const { units } = world.machines.get('nfs') as unknown as { readonly units: ServiceManager };
  const unit = units.add({
    name: 'broken.service',
    description: 'Broken',
    command: ['/usr/bin/broken'],
    restartAfter: 5_000,
    start: () => undefined,
  });
  units.start(unit);
  unit.process!.deliver('SIGKILL', true);
  advance(1_000);
  expect([unit.active, unit.sub]).toEqual(['activating', 'auto-restart']);
  advance(5_000);
  expect([unit.active, unit.sub, unit.restarts]).toEqual(['active', 'running', 1]);
  units.stop(unit);
  advance(30_000);
  expect(unit.active).toBe('inactive');
  const other = units.add({
    name: 'unreadable.service',
    description: 'Unreadable',
    start: () => {
      throw new Errno('EISDIR');
    },
  });
  expect(() => units.start(other)).toThrow(
    'Job for unreadable.service failed because the control process exited with error code.',
  );
  expect(other.active).toBe('failed');
  expect(units.journal.map(({ text }) => text)).toContain(
    'broken.service: Scheduled restart job, restart counter is at 1.',
  );
});

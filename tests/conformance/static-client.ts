/** Our kubectl and the real one, command by command, each at a cluster of its own: the same seed, the same state, time standing still. */

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from '../../sandbox/hosts/api-socket.ts';
import { hostTimers } from '../../sandbox/hosts/timers.ts';
import { helpTexts } from '../../sandbox/kubectl/help/generated/texts.ts';
import { startStubKubelets } from '../../sandbox/kubelet/stub.ts';
import { Clock } from '../../sandbox/sim/clock.ts';
import { RealTimeDriver } from '../../sandbox/sim/driver.ts';
import { Random } from '../../sandbox/sim/random.ts';
import { startControlPlane } from '../../sandbox/world/control-plane.ts';
import { ourKubectl } from './our-kubectl.ts';
import { realKubectl } from './real-kubectl.ts';
import { Scratch } from './scratch.ts';
import { told } from './told.ts';

const DATA = new URL('static/', import.meta.url);
const FILES = fileURLToPath(new URL('files', DATA));
/** Objects this old show the same age however long the comparison takes: `3d5h`. */
const PAST_MS = (3 * 24 + 5) * 3_600_000 + 1_800_000;
const STANDSTILL = 1e-9;
const LIMIT_MS = 30_000;

export interface Compared {
  readonly section: string;
  readonly command: string;
  readonly agrees: boolean;
  readonly real: string;
  readonly ours: string;
}

/** The list (`static/commands.txt`): bash lines under `## section`; and the help of every command. */
export function staticCommands(): { section: string; command: string }[] {
  const out: { section: string; command: string }[] = [];
  let section = '';
  for (const line of readFileSync(new URL('commands.txt', DATA), 'utf8').split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    else if (line.trim() !== '' && !line.startsWith('# ')) out.push({ section, command: line });
  }
  for (const path of Object.keys(helpTexts)) {
    if (path === 'options') continue;
    out.push({ section: 'help', command: `kubectl ${path} --help; kubectl ${path} -h; kubectl help ${path}` });
  }
  return out;
}

export async function* compareStatic(wanted: (section: string, command: string) => boolean): AsyncGenerator<Compared> {
  const start = Date.now() - PAST_MS;
  const sides = await Promise.all([side(start, realKubectl()), side(start, await ourKubectl())]);
  try {
    for (const step of readFileSync(new URL('setup.txt', DATA), 'utf8').trim().split('\n')) {
      await Promise.all(sides.map((each) => each.prepare(step)));
    }
    for (const { section, command } of staticCommands()) {
      if (!wanted(section, command)) continue;
      const [real, ours] = await Promise.all(sides.map((each) => each.run(command)));
      yield { section, command, agrees: real === ours, real: real!, ours: ours! };
    }
  } finally {
    for (const each of sides) each.close();
  }
}

interface Side {
  prepare(step: string): Promise<void>;
  run(command: string): Promise<string>;
  close(): void;
}

async function side(start: number, kubectl: string): Promise<Side> {
  const clock = new Clock(start);
  const random = new Random(1);
  const { server: api, client } = startControlPlane(clock, random);
  startStubKubelets({ clock, random, client: client('kubelet') });
  const driver = new RealTimeDriver(clock, hostTimers, () => {});
  driver.speed = STANDSTILL;
  const socket = await listen({ api, clock, driver });
  const scratch = new Scratch(kubectl, socket.url);
  const config = readFileSync(join(scratch.folder, 'home/.kube/config'));
  const work = join(scratch.folder, 'work');
  const run = (command: string) => {
    rmSync(work, { recursive: true, force: true });
    cpSync(FILES, work, { recursive: true });
    writeFileSync(join(scratch.folder, 'home/.kube/config'), config);
    return scratch.run({
      command,
      follow(_, kill) {
        const timer = setTimeout(kill, LIMIT_MS);
        return () => clearTimeout(timer);
      },
    });
  };
  return {
    async prepare(step) {
      if (!step.startsWith('advance ')) {
        // Both clusters are prepared by the real one.
        const { rc, stderr } = await run(`PATH=${realKubectl()}:$PATH; ${step}`);
        if (rc !== 0) throw new Error(`${step}: ${stderr}`);
        return;
      }
      const target = clock.now + Number(step.split(' ')[1]) * 1_000;
      driver.skip(target - clock.now);
      while (clock.now < target) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    // Some messages name the server without its address.
    run: async (command) => told(await run(command)).replaceAll(`:${socket.port}`, ':PORT'),
    close() {
      driver.stop();
      void socket.close();
      scratch.remove();
    },
  };
}

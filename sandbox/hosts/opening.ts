/** The one way in: how the site's worker, the WebContainer, `lab` and the package's createLab come to a session on a world. */

import type { SessionLog } from '../channel/messages.ts';
import { ReplayError } from '../session/replay.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import type { Between } from '../sim/driver.ts';
import { createWorld, type LabOptions as WorldOptions } from '../world/lab.ts';
import type { LabMachines } from '../world/machines.ts';

export interface Opening extends Omit<SessionOptions, 'createWorld'> {
  /** What the world is made with, beside its seed. */
  readonly world?: Omit<WorldOptions, 'seed'>;
  /** They came up before the cluster, with the same seed. */
  readonly machines?: LabMachines;
  /** The session is this one's, replayed; its seed and start are the log's. */
  readonly log?: SessionLog | undefined;
  /** A replay that came to another state is taken all the same. */
  readonly whateverComes?: boolean | undefined;
}

/** What the lessons' own site has, the lab has too. */
const siteOf = (lessons: Opening['lessons']): Omit<WorldOptions, 'seed'> => ({
  fileServerNames: [...new Set(lessons.flatMap(({ site }) => site?.server ?? []))],
  registries: [...new Set(lessons.flatMap(({ site }) => site?.registry ?? []))],
});

/** The world of a log's beginning; nothing of it has been put in. Throws ReplayError when the log names what is not there. */
export function openBeginning(
  { world, machines, ...options }: Opening,
  log: SessionLog,
  between?: Between,
): Promise<Session> {
  return Session.before(
    { ...options, createWorld: (seed) => createWorld({ seed, ...siteOf(options.lessons), ...world }, machines) },
    log,
    between,
  );
}

/** Throws ReplayError when the log does not lead to where it led. */
export async function openSession({ world, machines, log, whateverComes, ...rest }: Opening): Promise<Session> {
  const options = {
    ...rest,
    createWorld: (seed: number) => createWorld({ seed, ...siteOf(rest.lessons), ...world }, machines),
  };
  if (!log) return Session.open(options);
  const session = await Session.restore(options, log);
  const { diverged } = session;
  if (diverged === undefined || whateverComes) return session;
  session.close();
  const message = `this version of the lab came to another state at entry ${diverged + 1}`;
  throw new ReplayError('diverged', diverged, message);
}

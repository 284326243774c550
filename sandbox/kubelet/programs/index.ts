/** The programs of this room: those on the nodes. */

import type { ProgramEntry, ProgramTable } from '../../machines/machine.ts';
import type { Program } from '../../machines/process.ts';
import { crictl } from './crictl.ts';
import { ctr } from './ctr.ts';
import { docker } from './docker.ts';

const entry = (run: Program): ProgramEntry => ({ run });

/** Executables of a node's /usr/bin: `crictl`, `docker`, `ctr`. */
export const nodePrograms: ProgramTable = new Map([
  ['crictl', entry(crictl)],
  ['docker', entry(docker)],
  ['ctr', entry(ctr)],
]);

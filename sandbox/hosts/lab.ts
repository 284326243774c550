/** `lab`: the sandbox on the command line, for tests, teachers and continuous integration (ARCHITECTURE.md, "lab"). */

import { constants } from 'node:os';
import { tellFaults } from './faults.ts';

const USAGE = `Usage: npm run -s lab -- COMMAND

  script [--lesson ID[/STEP]] [--seed N]     JSON lines on stdin, one JSON answer each on stdout: run, type, screen,
                                             power, advance, settle, check, solve, snapshot, restore
  serve [--port N] [--kubeconfig FILE] [--lesson ID[/STEP]] [--speed N] [--stub-kubelet]
                                             the cluster's API on 127.0.0.1
  kubectl [--kubeconfig FILE] ARGS...        the sandbox's kubectl, against any Kubernetes API server
  check [--kubeconfig FILE] [--context NAME] [--nfs-host USER@HOST] [--host NAME=USER@HOST] [--state FILE]
        [--content DIR] [--language en|ja] [--json] LESSON[/STEP]
                                             a lesson's checkpoints, held to any cluster; of its steps all but the
                                             challenge, or the one that is named
  prepare [--kubeconfig FILE] [--context NAME] [--content DIR] [--language en|ja] [--json] LESSON
                                             what a lesson needs on a real cluster, and whether it is there
  grade [--csv|--json] [--language en|ja] LOG...
                                             what learners' saved sessions amount to: files, folders or zip archives
  bench                                      figures of speed, one JSON object as the last line
`;

const COMMANDS: Record<string, () => Promise<{ main(args: string[]): Promise<number> }>> = {
  script: () => import('./lab-script.ts'),
  serve: () => import('./lab-serve.ts'),
  kubectl: () => import('./lab-kubectl.ts'),
  check: () => import('./lab-check.ts'),
  prepare: () => import('./lab-prepare.ts'),
  grade: () => import('./lab-grade.ts'),
  bench: () => import('./lab-bench.ts'),
};

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `lab: needs Node 22.12 or newer, this is ${process.versions.node}. "npm ci" brings it along (not with --ignore-scripts).\n`,
  );
  process.exit(1);
}

const [command = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
if (!load) {
  const help = command === '--help' || command === '-h' || command === 'help';
  (help ? process.stdout : process.stderr).write(help ? USAGE : `lab: unknown command "${command}"\n${USAGE}`);
  process.exitCode = help ? 0 : 2;
} else {
  tellFaults();
  // Whoever read them has gone (`lab … | head`, a terminal that was closed): a command ends as by SIGPIPE, a server goes on unheard.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => {
      if (command !== 'serve') process.exit(128 + constants.signals.SIGPIPE);
    });
  if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  process.exitCode = await (await load()).main(args);
}

/** A lesson lived through in the lab: what its solutions do to its checkpoints, what its commands answer, what the cluster says of its manifests. */

import { parseAllDocuments } from 'yaml';
import type { Problem } from '../../sandbox/hosts/content/problems.ts';
import type { Page, ReadLesson } from '../../sandbox/hosts/content/read-lesson.ts';
import { openSession } from '../../sandbox/hosts/opening.ts';
import type { Verdict } from '../../sandbox/lesson/checkpoint.ts';
import { heredoc } from '../../sandbox/lesson/manifest.ts';
import type { CommandResult } from '../../sandbox/lesson/observation.ts';
import type { LessonDocument, Step } from '../../sandbox/lesson/schema.ts';
import type { Session } from '../../sandbox/session/session.ts';
import { advance } from '../../sandbox/sim/driver.ts';
import type { Block, Prose, Shown } from './prose.ts';

const SEED = 7;
const CHECK_LIMIT = 60_000;
/** A command that has not ended by then is one that goes on until Ctrl-C; the lab ends it, with timeout(1)'s exit code. */
const RUN_LIMIT = 700_000;
const TIMED_OUT = 124;
/** What a reader takes for the next block at least (virtual milliseconds). */
const BETWEEN = 30_000;
const AFTER_KEYS = 5_000;

export class Lived {
  readonly #lessons: readonly LessonDocument[];

  /** `lessons`: all of the site, since each begins with what those before it leave. */
  constructor(lessons: readonly LessonDocument[]) {
    this.#lessons = lessons;
  }

  #open({ id }: LessonDocument, step: Step, follow: boolean): Promise<Session> {
    const start = { lesson: id, step: step.id };
    return openSession({ seed: SEED, start, language: 'en', lessons: this.#lessons, follow });
  }

  /** Each step: its checkpoints red at its beginning, green after its solution. */
  async solutions(lesson: ReadLesson): Promise<Problem[]> {
    const { document, yaml } = lesson;
    const problems: Problem[] = [];
    const session = await this.#open(document, document.steps[0]!, true);
    for (const [index, step] of document.steps.entries()) {
      if (step.checkpoints.length === 0) continue;
      const at = ['steps', index];
      if (step.solution.length === 0) {
        problems.push(yaml.problem(at, `step "${step.id}" has checkpoints but no solution: nobody could show it`));
        continue;
      }
      const here = step.optional ? await this.#open(document, step, false) : session;
      const place = (id: string) => [...at, 'checkpoints', step.checkpoints.findIndex((one) => one.id === id)];
      for (const { id, passed } of await verdicts(here, document, step))
        if (passed)
          problems.push(
            yaml.problem(place(id), `checkpoint "${id}" of step "${step.id}" is green before anything was done`),
          );
      const entry = here.input({ type: 'solve', place: { lesson: document.id, step: step.id } });
      const solved = await here.solved(entry as typeof entry & { type: 'solve' });
      // A challenge may clean up after itself: what was once true stays passed.
      if (solved && step.optional) continue;
      for (const { id, passed, message } of await verdicts(here, document, step))
        if (!passed)
          problems.push(
            yaml.problem(place(id), `the solution of step "${step.id}" leaves checkpoint "${id}" red: ${message}`),
          );
    }
    session.close();
    return problems;
  }

  /** Everything on a page that has a button, in its order; a step that it leaves undone is then solved, as a reader would. */
  async prose(lesson: ReadLesson, page: Page, { typed }: Prose): Promise<Problem[]> {
    const { document } = lesson;
    const problems: Problem[] = [];
    const session = await this.#open(document, document.steps[0]!, true);
    for (const [index, one] of typed.entries()) {
      const after = typed[index + 1];
      const says =
        'file' in one
          ? await ran(session, one.host, writing(one, document))
          : one.in !== undefined || (after && 'in' in after && after.in !== undefined && after.host === one.host)
            ? await inTerminal(session, one)
            : await ran(session, one.host, one.code, one.exit);
      if (says !== undefined) problems.push({ file: page.file, line: one.line, says });
      await advance(session.world.clock, session.now + BETWEEN);
      const step = document.steps.find(({ id }) => id === one.step);
      if (step && after?.step !== one.step && (await verdicts(session, document, step)).some(({ passed }) => !passed)) {
        const entry = session.input({ type: 'solve', place: { lesson: document.id, step: step.id } });
        await session.solved(entry as typeof entry & { type: 'solve' });
      }
    }
    session.close();
    return problems;
  }

  /** What a cluster in which there is nothing yet says of each object. */
  async manifests(lesson: ReadLesson): Promise<Problem[]> {
    const problems: Problem[] = [];
    const { document, pages } = lesson;
    const names = Object.keys(document.manifests).filter((name) => /\.(ya?ml|json)$/.test(name));
    if (names.length === 0) return [];
    const first = this.#lessons[0]!;
    const session = await this.#open(first, first.steps[0]!, true);
    for (const name of names) {
      const text = document.manifests[name]!;
      if (!isManifest(text)) continue;
      const command = `${heredocAt('/tmp/manifest.yaml', text)}\nkubectl create --dry-run=server --validate=strict -f /tmp/manifest.yaml`;
      const { stderr, exitCode } = await result(session, 'master01', command);
      const refused = stderr
        .split('\n')
        .filter((line) => line.trim() !== '' && !/\(NotFound\): .*namespaces? "/.test(line));
      if (exitCode !== 0 && refused.length > 0)
        problems.push({
          file: `${pages[0]!.file.replace(/[^/]*$/, '')}files/${name}`,
          says: `the cluster refuses this: ${refused.join(' ').replaceAll('"/tmp/manifest.yaml"', `"${name}"`)}`,
        });
    }
    session.close();
    return problems;
  }
}

async function verdicts(session: Session, { id }: LessonDocument, step: Step): Promise<readonly Verdict[]> {
  const entry = session.input({ type: 'check', place: { lesson: id, step: step.id } });
  return (await session.result<Verdict[]>(entry, CHECK_LIMIT)) ?? [];
}

const result = async (session: Session, host: string, command: string): Promise<CommandResult> =>
  (await session.result<CommandResult>(session.input({ type: 'run', host, command }), RUN_LIMIT)) ?? {
    stdout: '',
    stderr: 'it does not end',
    exitCode: 1,
  };

async function ran(session: Session, host: string, command: string, exit = '0'): Promise<string | undefined> {
  const { stdout, stderr, exitCode } = await result(session, host, command);
  if (exit === 'any' || exitCode === Number(exit) || exitCode === TIMED_OUT) return undefined;
  const last = `${stdout}\n${stderr}`.trimEnd().split('\n').at(-1)!;
  const wanted = exit === '0' ? '' : `, not with ${exit}`;
  return `the command on ${host} ends with exit code ${exitCode}${wanted}${last ? `: ${last.trim()}` : ''}`;
}

/** Where a shell or an editor inside reads what follows: line by line, as a reader's button does. */
async function inTerminal(session: Session, { host, code }: Block): Promise<undefined> {
  for (const line of code.split('\n')) {
    session.input({ type: 'keys', host, data: `${line}\r` });
    await advance(session.world.clock, session.now + AFTER_KEYS);
  }
}

const writing = ({ file, to }: Shown, { manifests }: LessonDocument): string => heredocAt(to, manifests[file]!);

const heredocAt = (path: string, text: string): string => heredoc(path, text).replace(/> \S+\n/, `> ${path}\n`);

function isManifest(text: string): boolean {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return false;
  return documents.some((document) => {
    const value = document.errors.length === 0 ? (document.toJS() as { kind?: unknown } | null) : undefined;
    return document.errors.length > 0 || (typeof value?.kind === 'string' && value.kind !== 'Kustomization');
  });
}

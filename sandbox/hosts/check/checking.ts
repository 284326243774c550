/** The checkpoints of a lesson, or of one of its steps, held to a cluster. */

import { Expressions, type Lists, lists } from '../../lesson/expressions.ts';
import { type Judgement, judge } from '../../lesson/judgement.ts';
import type { Checkpoint, LessonDocument, Step } from '../../lesson/schema.ts';
import type { Language } from '../../words/index.ts';
import { CannotAsk } from './cannot-ask.ts';
import type { Cluster } from './cluster.ts';
import type { Machines } from './machines.ts';
import { ClusterObservation } from './observation.ts';
import type { Beginnings } from './record.ts';

export interface StepReport {
  readonly step: string;
  readonly title: string;
  readonly checkpoints: readonly (Judgement & { readonly says: string })[];
}

export interface Report {
  readonly server: string;
  readonly context: string;
  readonly lesson: string;
  readonly title: string;
  readonly steps: readonly StepReport[];
  /** Kinds of which only the namespace `default` could be seen. */
  readonly narrowed: readonly string[];
}

export interface Checking {
  readonly cluster: Cluster;
  readonly machines: Machines;
  readonly beginnings: Beginnings;
  readonly lesson: LessonDocument;
  /** All that make the lesson done unless given: a challenge is checked when it is named. */
  readonly step?: string | undefined;
  readonly language: Language;
}

/** Throws CannotAsk where the cluster answers nothing at all. */
export async function checkLesson({
  cluster,
  machines,
  beginnings,
  lesson,
  step: only,
  language,
}: Checking): Promise<Report> {
  const world = new ClusterObservation(cluster, machines, lesson.hosts);
  const expressions = new Expressions();
  const texts = lesson.texts[language];
  const bygone = (step: string): Lists => lists(beginnings.of(`${lesson.id}/${step}`, (sight) => world.cannot(sight)));

  const judged = async (step: Step, checkpoint: Checkpoint): Promise<Judgement> => {
    const began = Object.fromEntries(lesson.steps.map(({ id }) => [id, bygone(id)]));
    const checkpoints = texts.steps[step.id]?.checkpoints ?? {};
    for (;;) {
      const now = lists(world, bygone(step.id), began);
      const judgement = judge(checkpoint, { world, now, expressions, language, texts: checkpoints });
      if (!(await world.ask())) return judgement;
    }
  };

  const steps: StepReport[] = [];
  /** A step begins when nothing before it is known to be missing. */
  let begins = true;
  for (const step of lesson.steps) {
    if (only === undefined ? step.optional : step.id !== only) continue;
    if (begins) await beginnings.begin(`${lesson.id}/${step.id}`, world);
    const { title = step.id, checkpoints = {} } = texts.steps[step.id] ?? {};
    const found: StepReport['checkpoints'][number][] = [];
    for (const checkpoint of step.checkpoints)
      found.push({ ...(await judged(step, checkpoint)), says: checkpoints[checkpoint.id]?.says ?? checkpoint.id });
    steps.push({ step: step.id, title, checkpoints: found });
    begins &&= found.every(({ verdict }) => verdict !== 'not met');
  }
  if (!cluster.answered && cluster.refusal !== '') throw new CannotAsk(cluster.refusal);
  const { server, context } = cluster;
  return { server, context, lesson: lesson.id, title: texts.title, steps, narrowed: [...cluster.narrowed] };
}

export const count = ({ steps }: Report, verdict: Judgement['verdict']): number =>
  steps.flatMap(({ checkpoints }) => checkpoints).filter((one) => one.verdict === verdict).length;

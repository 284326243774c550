/** Where a lesson's files disagree: ids and texts that one has and another lacks, files that are not there, expressions that cannot be read. */

import { Expressions } from '../../lesson/expressions.ts';
import { requiredSteps, type Step } from '../../lesson/schema.ts';
import type { Problem } from './problems.ts';
import type { Page, ReadLesson } from './read-lesson.ts';

type Path = readonly (string | number)[];

const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

export const misfits = (lesson: ReadLesson): Problem[] => [
  ...inYaml(lesson),
  ...lesson.pages.flatMap((page) => [...inTexts(lesson, page), ...inProse(lesson, page)]),
];

function inYaml({ yaml, document }: ReadLesson): Problem[] {
  const problems: Problem[] = [];
  const say = (path: Path, says: string) => problems.push(yaml.problem(path, says));
  const twice = (what: string, ids: readonly string[], at: (index: number) => Path) => {
    for (const [index, id] of ids.entries())
      if (ids.indexOf(id) < index) say(at(index), `${what} "${id}" is there twice`);
  };
  twice('step', idsOf(document.steps), (s) => ['steps', s]);
  const questions: string[] = [];
  for (const [s, step] of document.steps.entries()) {
    const at: Path = ['steps', s];
    // It would be done before the reader had done anything.
    if (step.checkpoints.length + step.quiz.length === 0)
      say(at, `step "${step.id}" asks nothing: give it a checkpoint or a question`);
    if (step.optional && s < document.steps.length - 1) say(at, `step "${step.id}" is optional, but not the last`);
    twice(`${step.id}: checkpoint`, idsOf(step.checkpoints), (c) => [...at, 'checkpoints', c]);
    for (const [q, { id, choices, answer }] of step.quiz.entries()) {
      if (questions.includes(id)) say([...at, 'quiz', q], `question "${id}" is there twice`);
      questions.push(id);
      if (!choices.includes(answer))
        say(
          [...at, 'quiz', q],
          `question "${id}": the answer "${answer}" is none of its choices (${choices.join(', ')})`,
        );
    }
    for (const { path, says } of inFiles(step, at, document.manifests)) say(path, says);
    for (const { path, source } of expressionsOf(step, at)) {
      const says = unreadable(source);
      if (says) say(path, says);
    }
    for (const [c, { host }] of step.solution.entries())
      if (!document.hosts.includes(host))
        say(
          [...at, 'solution', c],
          `the solution types on ${host}, which is not among the lesson's hosts (${document.hosts.join(', ')})`,
        );
  }
  return problems;
}

function* inFiles(step: Step, at: Path, manifests: Readonly<Record<string, string>>) {
  const there = Object.keys(manifests);
  const names = there.length > 0 ? `there are ${there.join(', ')}` : 'the lesson has no files/';
  for (const [f, file] of step.files.entries())
    if (!there.includes(file)) yield { path: [...at, 'files', f], says: `there is no files/${file}; ${names}` };
  for (const [c, { write }] of step.solution.entries())
    if (write !== undefined && !there.includes(write))
      yield { path: [...at, 'solution', c], says: `the solution writes files/${write}, which is not there; ${names}` };
}

/** Every CEL expression of a step. */
function* expressionsOf(step: Step, at: Path): Generator<{ path: Path; source: string }> {
  for (const [c, { wait }] of step.solution.entries())
    if (wait !== undefined) yield { path: [...at, 'solution', c, 'wait'], source: wait };
  for (const [c, { expr, reasons }] of step.checkpoints.entries()) {
    if (expr !== undefined) yield { path: [...at, 'checkpoints', c, 'expr'], source: expr };
    for (const [r, { when }] of reasons.entries())
      yield { path: [...at, 'checkpoints', c, 'reasons', r], source: when };
  }
}

const expressions = new Expressions();

/** What CEL says of an expression that it cannot read, on one line. */
function unreadable(source: string): string | undefined {
  try {
    expressions.parse(source);
    return undefined;
  } catch (error) {
    return `the expression cannot be read: ${(error as Error).message.split('\n')[0]}: ${source}`;
  }
}

function inTexts({ document }: ReadLesson, { front, texts }: Page): Problem[] {
  const problems: Problem[] = [];
  const compare = (what: string, wanted: readonly string[], found: readonly string[], at: Path) => {
    for (const id of wanted)
      if (!found.includes(id)) problems.push(front.problem(at, `${what} "${id}" has no text here`));
    for (const id of found)
      if (!wanted.includes(id)) problems.push(front.problem([...at, id], `${what} "${id}" is not in lesson.yaml`));
  };
  compare('step', idsOf(document.steps), Object.keys(texts.steps), ['steps']);
  for (const step of document.steps) {
    const text = texts.steps[step.id];
    if (!text) continue;
    const at: Path = ['steps', step.id];
    compare(`${step.id}: checkpoint`, idsOf(step.checkpoints), Object.keys(text.checkpoints), [...at, 'checkpoints']);
    compare(`${step.id}: question`, idsOf(step.quiz), Object.keys(text.quiz), [...at, 'quiz']);
    for (const { id, reasons } of step.checkpoints) {
      const of = text.checkpoints[id];
      if (!of) continue;
      const here: Path = [...at, 'checkpoints', id, 'reasons'];
      compare(`${step.id}/${id}: reason`, idsOf(reasons), Object.keys(of.reasons), here);
      for (const [reason, sentence] of Object.entries(of.reasons))
        for (const [, source] of sentence.matchAll(/\$\{([^}]*)\}/g)) {
          const says = unreadable(source!);
          if (says) problems.push(front.problem([...here, reason], says));
        }
    }
    for (const { id, choices } of step.quiz)
      if (text.quiz[id])
        compare(`${step.id}/${id}: choice`, choices, Object.keys(text.quiz[id].choices), [
          ...at,
          'quiz',
          id,
          'choices',
        ]);
  }
  return problems;
}

/** Of the prose, what carries ids. */
function inProse({ document, yaml }: ReadLesson, { file, body, before }: Page): Problem[] {
  const problems: Problem[] = [];
  const elements = (name: string) =>
    [...body.matchAll(new RegExp(`<${name}\\s+id="([^"]*)"`, 'g'))].map(({ 1: id, index }) => ({
      id: id!,
      line: before + body.slice(0, index).split('\n').length,
    }));
  const compare = (name: string, what: string, wanted: readonly string[]) => {
    const written = elements(name);
    const ids = idsOf(written);
    for (const id of wanted)
      if (!ids.includes(id))
        problems.push({ file, line: before + 1, says: `<${name} id="${id}"> is missing in the prose` });
    for (const [index, { id, line }] of written.entries()) {
      if (!wanted.includes(id)) problems.push({ file, line, says: `${what} "${id}" is not in ${yaml.file}` });
      else if (ids.indexOf(id) < index) problems.push({ file, line, says: `<${name} id="${id}"> is there twice` });
    }
    return written;
  };
  const wanted = idsOf(requiredSteps(document));
  const written = compare('Step', 'step', wanted);
  const moved = written.find(({ id }, index) => id !== wanted[index]);
  if (problems.length === 0 && moved)
    problems.push({
      file,
      line: moved.line,
      says: `the steps stand as ${idsOf(written).join(', ')}, in lesson.yaml as ${wanted.join(', ')}`,
    });
  const questions = requiredSteps(document).flatMap(({ quiz }) => idsOf(quiz));
  compare('Quiz', 'question', questions);
  return problems;
}

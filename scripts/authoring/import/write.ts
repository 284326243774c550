/** Writes an imported lesson as one of ours: lesson.yaml, a page, files/. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Language } from '../../../sandbox/words/index.ts';
import type { Imported, ImportedFile, ImportedStep, Left } from './imported.ts';
import { SENTENCES } from './sentences.ts';

const HOST = 'master01';
/** Lines as they are, and nothing said once for several places: authors go on from here. */
const PLAIN = { lineWidth: 0, aliasDuplicateObjects: false };
const HOSTS = [HOST, 'node01', 'node02', 'nfs'];

/** `folder` is not there yet. */
export function writeImported(folder: string, lesson: Imported, order: number, language: Language, left: Left): void {
  for (const step of lesson.steps) {
    if (step.checks.length === 0)
      left.add(
        lesson.id,
        `step "${step.id}" checks nothing that could be taken over: it asks the reader whether it is done`,
      );
    else if (solutionOf(step).length === 0)
      left.add(
        lesson.id,
        `step "${step.id}" has checkpoints, but nothing tells how to turn them green: write its solution`,
      );
  }
  const yaml = { id: lesson.id, order, hosts: HOSTS, steps: lesson.steps.map(yamlOf) };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'lesson.yaml'), stringify(yaml, PLAIN));
  writeFileSync(join(folder, `${language}.mdx`), pageOf(lesson, language));
  for (const { name, text } of lesson.steps.flatMap(given)) {
    mkdirSync(join(folder, 'files'), { recursive: true });
    writeFileSync(join(folder, 'files', name), text);
  }
}

const given = ({ prepare, files }: ImportedStep): ImportedFile[] => [...prepare, ...files];

const writing = ({ to, text }: ImportedFile): string =>
  `mkdir -p ${dirname(to)}; cat <<'END_OF_FILE' > ${to}\n${text.replace(/\n?$/, '\n')}END_OF_FILE`;

function solutionOf(step: ImportedStep): object[] {
  const lines = [
    ...step.files.map(writing),
    ...step.prepare.flatMap((file) => [writing(file), `bash ${file.to}`]),
    ...step.commands,
    ...step.solved.map(writing),
  ];
  return lines.map((run) => ({ host: HOST, run }));
}

function yamlOf(step: ImportedStep): object {
  return {
    id: step.id,
    files: given(step).map(({ name }) => name),
    solution: solutionOf(step),
    ...(step.checks.length > 0
      ? {
          checkpoints: step.checks.map(({ id, expr, assert }) => ({
            id,
            ...(expr === undefined ? { assert } : { expr, reasons: [{ id: 'not-yet', when: 'true' }] }),
          })),
        }
      : { quiz: [{ id: `done-${step.id}`, choices: ['done', 'not-yet'], answer: 'done' }] }),
  };
}

function pageOf({ title, summary, intro, steps, finish }: Imported, language: Language): string {
  const front = {
    title,
    summary: summary || title,
    minutes: Math.max(5, steps.length * 5),
    steps: Object.fromEntries(steps.map((step) => [step.id, textsOf(step, language)])),
  };
  const parts = [intro, ...steps.map((step) => proseOf(step, language)), finish].filter(Boolean);
  return `---\n${stringify(front, PLAIN)}---\n\n${parts.join('\n\n')}\n`;
}

function textsOf({ id, title, checks }: ImportedStep, language: Language): object {
  const { hints, notYet, asked } = SENTENCES[language];
  if (checks.length === 0)
    return {
      title,
      quiz: {
        [`done-${id}`]: {
          question: asked.question,
          choices: { done: { text: asked.yes, why: asked.yesWhy }, 'not-yet': { text: asked.no, why: asked.noWhy } },
        },
      },
    };
  const checkpoints = checks.map(({ id: check, says, expr }) => [
    check,
    { says, hints, ...(expr !== undefined && { reasons: { 'not-yet': notYet } }) },
  ]);
  return { title, checkpoints: Object.fromEntries(checkpoints) };
}

function proseOf(step: ImportedStep, language: Language): string {
  const folders = [...new Set(given(step).map(({ to }) => dirname(to)))].filter((folder) => folder !== '/root');
  const shown = given(step).map(({ name, to }) => `<Manifest file="${name}" to="${to}" />`);
  const before = [
    ...(step.prepare.length > 0 ? [SENTENCES[language].prepare] : []),
    ...(folders.length > 0 ? [fence(`mkdir -p ${folders.join(' ')}`)] : []),
    ...shown,
    ...step.prepare.map(({ to }) => fence(`bash ${to}`)),
  ];
  const quiz = step.checks.length === 0 ? [`<Quiz id="done-${step.id}" />`] : [];
  return [`<Step id="${step.id}">`, ...before, step.prose, ...quiz, '</Step>'].filter(Boolean).join('\n\n');
}

const fence = (code: string): string => `\`\`\`sh host=${HOST}\n${code}\n\`\`\``;

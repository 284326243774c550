/** A report of checkpoints as people read it, and as programs do. */

import type { Judgement, Sight } from '../../lesson/judgement.ts';
import { type CheckCommandWords, checkCommandWords } from '../../words/check/index.ts';
import type { Language } from '../../words/index.ts';
import { count, type Report } from './checking.ts';

const SIGNS: Readonly<Record<Judgement['verdict'], string>> = { met: '✓', 'not met': '✗', unknown: '?' };

export function reportText(report: Report, language: Language): string {
  const words = checkCommandWords[language];
  const widest = Math.max(...Object.values(words.verdicts).map(columns));
  const out = [`${report.title}  (${report.server})`];
  for (const { title, checkpoints } of report.steps) {
    out.push('', title);
    if (checkpoints.length === 0) out.push(`  ${words.nothingToCheck}`);
    for (const { verdict, says, message, unseen } of checkpoints) {
      const label = words.verdicts[verdict];
      out.push(`  ${SIGNS[verdict]} ${label}${' '.repeat(widest - columns(label))}  ${says}`);
      const indent = ' '.repeat(widest + 6);
      if (message) out.push(`${indent}${message}`);
      const head = verdict === 'unknown' ? words.needs : words.reasonUnseen;
      for (const sight of unseen) out.push(`${indent}${head} ${sightText(sight, words)}`);
    }
  }
  out.push('', words.total(count(report, 'met'), count(report, 'not met'), count(report, 'unknown')));
  if (report.narrowed.length > 0) out.push(words.narrowed(report.narrowed.join(', ')));
  return `${out.join('\n')}\n`;
}

export function reportJson(report: Report, language: Language): string {
  const words = checkCommandWords[language];
  const told = (sight: Sight) => ({ ...sight, text: sightText(sight, words) });
  const steps = report.steps.map(({ step, checkpoints }) => ({
    step,
    checkpoints: checkpoints.map(({ id, verdict, says, message, unseen }) => ({
      id,
      verdict,
      says,
      message,
      unseen: unseen.map(told),
    })),
  }));
  const { server, context, lesson, narrowed } = report;
  const [met, notMet, unknown] = [count(report, 'met'), count(report, 'not met'), count(report, 'unknown')];
  return `${JSON.stringify({ server, context, lesson, steps, met, notMet, unknown, narrowed })}\n`;
}

const sightText = <K extends Sight['kind']>(sight: Sight & { kind: K }, words: CheckCommandWords): string =>
  (words.sights[sight.kind] as (sight: Sight) => string)(sight);

/** Columns of a terminal: East Asian letters take two (Unicode Standard Annex 11). */
const columns = (text: string): number =>
  [...text].reduce(
    (sum, letter) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(letter) ? 2 : 1),
    0,
  );

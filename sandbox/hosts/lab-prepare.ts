/** `lab prepare`: what a lesson needs on a real cluster, and whether a cluster has it, or has what the lesson would make. */

import { type CheckCommandWords, checkCommandWords } from '../words/check/index.ts';
import { Cluster } from './check/cluster.ts';
import { languageOf, lessonsIn, orUnasked, REQUEST_TIMEOUT } from './lab-check.ts';
import { optionsAndWords, withUsage } from './lab-options.ts';
import { placeOf } from './library/arguments.ts';
import { UsageError } from './library/errors.ts';
import { type Compared, compared, type Found } from './prepare/compared.ts';
import type { ObjectName } from './prepare/manifests.ts';
import { type Needs, needsOf } from './prepare/needs.ts';

export const main = (args: string[]): Promise<number> =>
  withUsage('prepare', async () => {
    const { values: flags, positionals } = optionsAndWords(args, {
      content: { type: 'string' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      language: { type: 'string' },
      'request-timeout': { type: 'string' },
      json: { type: 'boolean' },
    });
    const lessons = lessonsIn(flags.content);
    const [word, ...more] = positionals;
    if (word === undefined || more.length > 0 || word.includes('/'))
      throw new UsageError('one lesson is prepared: LESSON');
    const { lesson: id } = placeOf(word, lessons);
    const lesson = lessons.find((one) => one.id === id)!;
    const language = languageOf(flags.language);
    const needs = needsOf(lesson, lessons);
    return orUnasked('prepare', language, async () => {
      const { kubeconfig, context, 'request-timeout': requestTimeout = REQUEST_TIMEOUT } = flags;
      const asks = kubeconfig !== undefined || context !== undefined;
      const found = asks ? await asked(needs, { kubeconfig, context, requestTimeout }) : undefined;
      const { title } = lesson.texts[language];
      const text = flags.json
        ? `${JSON.stringify({ lesson: id, ...needs, ...found })}\n`
        : needsText(title, needs, found, checkCommandWords[language]);
      process.stdout.write(text);
      return found && !ready(found) ? 1 : 0;
    });
  });

async function asked(needs: Needs, options: Parameters<typeof Cluster.open>[0]): Promise<Compared> {
  const cluster = await Cluster.open(options);
  try {
    return await compared(needs, cluster);
  } finally {
    cluster.close();
  }
}

/** Nothing that it makes is there, and nothing that it goes on with is missing. */
const ready = ({ nodes, makes, expects }: Compared): boolean =>
  !makes.some(({ there }) => there) && ![...nodes, ...expects].some(({ there }) => there === false);

function needsText(
  title: string,
  needs: Needs,
  found: Compared | undefined,
  { prepare: words }: CheckCommandWords,
): string {
  const objects = (names: readonly ObjectName[]) => names.map(({ kind, name }) => `${kind} ${name}`);
  const states = (list: readonly Found[] | undefined, plain: readonly string[], made: boolean) =>
    plain.map((text, i) => (list ? `${text}: ${stateOf(list[i]!, made, words)}` : text));
  const sections: [string, readonly string[]][] = [
    [words.nodes, states(found?.nodes, needs.nodes, false)],
    [words.machines, needs.machines],
    [words.packages, needs.packages.map(({ host, name }) => `${name} (${host})`)],
    [words.servers, needs.servers],
    [words.exports, needs.exports.map(({ path, options }) => (options ? `${path}  ${words.options(options)}` : path))],
    [words.images, needs.images],
    [words.expects, states(found?.expects, objects(needs.expects), false)],
    [words.makes, states(found?.makes, objects(needs.makes), true)],
  ];
  const out = [words.title(title), ...(found ? [found.server] : [])];
  for (const [head, lines] of sections)
    out.push('', head, ...(lines.length > 0 ? lines : [words.nothing]).map((line) => `  ${line}`));
  if (found) out.push('', words.collisions(found.makes.filter(({ there }) => there).length));
  return `${out.join('\n')}\n`;
}

function stateOf({ there }: Found, made: boolean, words: CheckCommandWords['prepare']): string {
  if (there === undefined) return words.unseen;
  if (made) return there ? words.taken : words.free;
  return there ? words.there : words.missing;
}

/** One recorded scenario, replayed and compared object by object. */

import { type RecordedCommand, transcript } from '../conformance/transcript.ts';
import { compare, type Slack } from './compare.ts';
import { type Recording, storiesOf } from './recording.ts';
import { replay, type Seen } from './replay.ts';
import { type Story, tell } from './story.ts';

export interface Difference {
  readonly role: string;
  /** `states`, `place`, a component that told something else, or `existence` of the whole story. */
  readonly aspect: string;
  readonly text: string;
}

const EXISTENCE = 'existence';

/** The recorder began and ended at some moment between two commands; in the article's session more was under way then. */
const SLACK_MS = { start: 800, end: 1_000 };
const BEFORE_ARTICLE = '00-cluster';

export async function differencesOf(
  recording: Recording,
  excused: readonly Omit<Difference, 'text'>[],
): Promise<Difference[]> {
  const { kinds, ended } = recording;
  const slack: Slack = { start: recording.transcript === 'article' ? SLACK_MS.start : 0, end: SLACK_MS.end };
  const window = (await streamOf(recording)).filter(({ ms, object }) => {
    const watched = object.kind !== 'Endpoints' || kinds.includes(object.kind);
    return watched && ms >= -slack.start && ms <= ended + slack.end;
  });
  const [theirs, ours] = [byRole(storiesOf(recording)), byRole(tell(window))] as const;
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((role) => {
    const aspects = new Set(excused.filter((each) => each.role === role).map(({ aspect }) => aspect));
    const found = matched(
      theirs.get(role) ?? [],
      ours.get(role) ?? [],
      (a, b) => compare(a, b, ended, slack, aspects),
      (story) => moments(story).some((ms) => ms > slack.start && ms < ended - slack.end),
    );
    return found.map(([aspect, text]): Difference => ({ role, aspect, text }));
  });
}

function byRole(stories: readonly Story[]): Map<string, Story[]> {
  const roles = new Map<string, Story[]>();
  for (const story of stories) roles.set(story.role, [...(roles.get(story.role) ?? []), story]);
  return roles;
}

const moments = ({ states, told }: Story): number[] => [...states, ...Object.values(told).flat()].map(({ ms }) => ms);

/** Objects of one role are told apart by nothing: each takes the one that is most like it. */
function matched(
  theirs: readonly Story[],
  ours: readonly Story[],
  compared: (a: Story, b: Story) => ReadonlyMap<string, string>,
  surely: (story: Story) => boolean,
): [aspect: string, text: string][] {
  const found: [string, string][] = [];
  const free = new Set(ours);
  const waiting = theirs.filter((story) => {
    const same = [...free].find((candidate) => compared(story, candidate).size === 0);
    if (same) free.delete(same);
    return !same;
  });
  for (const story of waiting) {
    const [next] = [...free]
      .map((candidate) => ({ candidate, differences: compared(story, candidate) }))
      .sort((a, b) => a.differences.size - b.differences.size);
    if (next) free.delete(next.candidate);
    found.push(...(next ? [...next.differences] : [[EXISTENCE, `${story.name} is missing here`] as [string, string]]));
  }
  for (const story of free) if (surely(story)) found.push([EXISTENCE, `${story.name} is only here`]);
  return found;
}

/** The article is one session: its replay serves all its scenarios. */
const sessions = new Map<string, Promise<Seen[]>>();

async function streamOf(recording: Recording) {
  const { scenario, began, ended } = recording;
  const all = transcript(recording.transcript);
  const article = recording.transcript === 'article';
  const commands = all.filter(({ stage }: RecordedCommand) =>
    article ? stage !== BEFORE_ARTICLE : stage === scenario,
  );
  const end = article ? Date.parse(all.at(-1)!.at) : began + ended + SLACK_MS.end;
  const key = article ? 'article' : scenario;
  const session = sessions.get(key) ?? replay(recording, commands, end);
  sessions.set(key, session);
  return (await session).map(({ at, ...event }) => ({ ms: at - began, ...event }));
}

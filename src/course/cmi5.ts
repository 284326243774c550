/** cmi5 (Quartz, 1st edition) through @xapi/cmi5: a statement a checkpoint, what was kept in the State API. */

import { Au } from './assignable-unit.ts';
import type { CountedItem } from './standing.ts';
import { type Beginning, CourseGone, type CourseSystem, type Report } from './system.ts';

const STATE = 'bound';

/** The State API's document. */
interface Kept {
  readonly data: string;
  /** Statements that a registration has once. */
  readonly completed: boolean;
  readonly passed: boolean;
  /** Checkpoints and questions that were told, with how they were met. */
  readonly told: readonly string[];
}

const NOTHING: Kept = { data: '', completed: false, passed: false, told: [] };

export class Cmi5 implements CourseSystem {
  #au: Au | undefined;
  #kept = NOTHING;
  /** Told once a visit. */
  #failed = false;

  async begin(): Promise<Beginning> {
    if (!Au.isCmiAvailable) throw new CourseGone('missing', 'the address names no learning record store');
    this.#au ??= new Au();
    const au = this.#au;
    await answered(au.begin());
    this.#kept = { ...NOTHING, ...(await answered(this.#read(au))) };
    const { account, name } = au.launchParameters!.actor as { account?: { name?: string }; name?: string };
    const id = account?.name;
    return {
      data: this.#kept.data,
      learner: { ...(id !== undefined && { id }), ...(name !== undefined && { name }) },
      mastery: au.launchData.masteryScore,
    };
  }

  async save(report: Report): Promise<void> {
    const au = this.#au!;
    if (!au.isOpen) throw new CourseGone('lost', 'the visit has ended');
    if (!isCounted(au)) return;
    for (const tell of this.#untold(au, report)) {
      await answered(tell.send());
      this.#kept = tell.after(this.#kept);
    }
    this.#kept = { ...this.#kept, data: report.data };
    await answered(au.xapi!.setState({ ...this.#document(au), state: { ...this.#kept } }));
  }

  leave(report: Report): void {
    const au = this.#au!;
    au.leave(() => {
      if (isCounted(au)) {
        const untold = this.#untold(au, report);
        const after = untold.reduce((kept, tell) => tell.after(kept), { ...this.#kept, data: report.data });
        au.putLast(this.#document(au), after);
        for (const { send } of untold) void send();
      }
      void au.terminate();
    });
  }

  /** What has not been said yet, in the order in which it became true. */
  #untold(au: Au, { items, result: { complete, passed, score } }: Report): Telling[] {
    const { completed, passed: hasPassed, told } = this.#kept;
    const tellings = items
      .filter((item) => item.mark !== '0' && !told.includes(wordOf(item)))
      .map(
        (item): Telling => ({
          send: () => answer(au, item),
          after: (kept) => ({ ...kept, told: [...kept.told, wordOf(item)] }),
        }),
      );
    if (complete && !completed)
      tellings.push({ send: () => au.complete(), after: (kept) => ({ ...kept, completed: true }) });
    const scaled = { scaled: Math.round(score * 10_000) / 10_000 };
    if (passed && !hasPassed)
      tellings.push({ send: () => au.pass(scaled), after: (kept) => ({ ...kept, passed: true }) });
    if (passed === false && !this.#failed)
      tellings.push({
        send: () => au.fail(scaled),
        after: (kept) => {
          this.#failed = true;
          return kept;
        },
      });
    return tellings;
  }

  async #read(au: Au): Promise<Partial<Kept>> {
    try {
      const { data } = await au.xapi!.getState(this.#document(au));
      return data as Partial<Kept>;
    } catch (error) {
      if (statusOf(error) === 404) return {};
      throw error;
    }
  }

  #document(au: Au) {
    const { actor: agent, activityId, registration } = au.launchParameters!;
    return { agent, activityId, registration, stateId: STATE };
  }
}

interface Telling {
  readonly send: () => Promise<unknown>;
  readonly after: (kept: Kept) => Kept;
}

/** Met by a solution that was shown, and later by hand: two words. */
const wordOf = ({ name, mark }: CountedItem): string => `${name}:${mark}`;

/** A learner who only looks is not judged. */
const isCounted = (au: Au): boolean => au.launchData.launchMode === 'Normal';

/** A checkpoint is a task of an interaction's kind `other`; so is a question, of which it is told that it was answered rightly. */
function answer(au: Au, { name, mark, says }: CountedItem): Promise<unknown> {
  const [lesson, step, item] = name.split('.') as [string, string, string];
  const language = document.documentElement.lang;
  const met = mark === '1';
  return au.interactionOther(
    `${lesson}.${step}`,
    item,
    met ? 'met' : 'shown',
    'met',
    { [language]: name },
    { [language]: says },
    met,
  );
}

const statusOf = (error: unknown): number | undefined => (error as { response?: { status?: number } }).response?.status;

/** A learning record store that takes longer does not answer (milliseconds). */
const PATIENCE = 20_000;

async function answered<T>(asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE);
  });
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    throw new CourseGone('lost', String(error));
  } finally {
    clearTimeout(timer);
  }
}

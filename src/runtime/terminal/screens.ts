/** A session's terminals on the page: opened and closed, arranged, kept with the session, and told their sizes. */

import { sizesOf } from '../../../sandbox/channel/log.ts';
import type { Input } from '../../../sandbox/channel/messages.ts';
import { hostOf } from '../../../sandbox/channel/typed.ts';
import type { Journal } from '../journal/journal.ts';
import { readPreference, writePreference } from '../preferences.ts';
import type { SessionState } from '../session-state.svelte.ts';
import {
  type Arrangement,
  alone,
  chosen,
  frontOf,
  isSplit,
  readArrangement,
  renamed,
  type Split,
  splitWith,
  within,
} from './arrangement.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

interface Standing {
  /** All machines, and terminals opened beside their own. */
  readonly hosts: readonly string[];
  readonly terminals: readonly string[];
}

interface ScreensOf {
  readonly state: SessionState;
  /** The world takes inputs now. */
  readonly live: () => boolean;
  readonly put: (input: Input) => void;
  /** Another tab writes the session: who wanted to do something in it is shown so. */
  readonly onlyLooks: () => boolean;
  readonly journal: () => Journal | undefined;
}

export class Screens {
  readonly #of: ScreensOf;
  /** The size each one is to have, and the size it has in the log: to say that again would only lengthen it. */
  readonly #wanted = new Map<string, Size>();
  #told = new Map<string, Size>();
  /** Those that were in front, the last one last. */
  #before: readonly string[] = [];

  constructor(of: ScreensOf) {
    this.#of = of;
  }

  /** Before there is a world: the lesson's hosts, as this tab had them. */
  begin(hosts: readonly string[]): void {
    this.#of.state.hosts = hosts;
    this.#take(ofTab());
  }

  /** The session's log has told each terminal a size. */
  replayed(entries: readonly Input[]): void {
    this.#told = sizesOf(entries);
  }

  /** A world stands in a lesson, which offers some of its hosts. */
  stands(lesson: string, offered: readonly string[], { hosts, terminals: opened }: Standing): void {
    const { state } = this.#of;
    const record = this.#of.journal()?.record;
    const kept = readArrangement(record?.screens) ?? ofTab();
    // Hosts that were looked at beside those are there again in the same lesson.
    const seen = [...state.hosts, ...(record?.lesson === lesson ? (kept?.shown ?? []) : [])];
    const more = hosts.filter((host) => !offered.includes(host) && seen.includes(host));
    state.hosts = [...offered, ...more, ...opened];
    this.#take(kept);
    this.sendSizes();
  }

  #take(kept: Arrangement | undefined): void {
    const { state } = this.#of;
    state.arrangement = within(kept ?? state.arrangement, state.hosts);
  }

  show(terminal: string): void {
    const { state } = this.#of;
    if (!state.hosts.includes(terminal)) state.hosts = [...state.hosts, terminal];
    if (terminal !== state.front) this.#before = [...this.#before.filter((one) => one !== state.front), state.front];
    state.unread = new Set([...state.unread].filter((other) => other !== terminal));
    this.#arrange(chosen(state.arrangement, terminal));
    this.sendSizes([terminal]);
  }

  /** Another terminal on a host, in front; its name. Undefined where that cannot be now. */
  open(host: string): string | undefined {
    if (!this.#of.live() || this.#of.onlyLooks()) return undefined;
    const terminal = `${host}:${this.#next(host)}`;
    this.#of.put({ type: 'terminal', host, terminal });
    this.#of.state.hosts = [...this.#of.state.hosts, terminal];
    this.show(terminal);
    this.#keep();
    return terminal;
  }

  /** Numbers are not given twice in a session: what is still on its way to one that has ended must not reach another. */
  #next(host: string): number {
    const entries = this.#of.journal()?.entries ?? [];
    const numbers = entries.flatMap((entry) =>
      entry.type === 'terminal' && entry.host === host ? Number(entry.terminal.split(':')[1]) : [],
    );
    return Math.max(1, ...numbers) + 1;
  }

  /** Whether it is one that was opened, and can be closed; a host's own cannot. */
  closes(terminal: string): boolean {
    return terminal.includes(':');
  }

  close(terminal: string): void {
    if (!this.closes(terminal) || !this.#of.live() || this.#of.onlyLooks()) return;
    this.#of.put({ type: 'close', host: terminal });
  }

  /** Its shell has ended. */
  ended(terminal: string): void {
    const { state } = this.#of;
    state.hosts = state.hosts.filter((host) => host !== terminal);
    this.#before = this.#before.filter((one) => one !== terminal);
    const { arrangement } = state;
    const last = this.#before.findLast((one) => state.hosts.includes(one));
    // Alone in view, it gives way to the one that was in front before it.
    const goes = frontOf(arrangement) === terminal && !isSplit(arrangement) && last;
    this.#arrange(within(goes ? chosen(arrangement, last) : arrangement, state.hosts));
    this.sendSizes();
  }

  rename(terminal: string, name: string): void {
    this.#arrange(renamed(this.#of.state.arrangement, terminal, name));
    this.#keep();
  }

  /** The one in front stays; beside it comes the one that was in front before, else another on its host. */
  split(how: Split): void {
    const { state } = this.#of;
    const { front, hosts, arrangement } = state;
    const others = hosts.filter((host) => host !== front);
    const other = this.#before.findLast((one) => others.includes(one)) ?? others[0];
    const second = isSplit(arrangement) || other ? other : this.open(hostOf(front));
    if (!second) return;
    this.#arrange(splitWith(chosen(state.arrangement, front), how, second));
    this.#keep();
  }

  unsplit(terminal?: string): void {
    this.#arrange(alone(this.#of.state.arrangement, terminal));
    this.#keep();
  }

  resize(terminals: readonly string[], size: Size): void {
    for (const terminal of terminals) this.#wanted.set(terminal, size);
    this.sendSizes(terminals);
  }

  sendSizes(terminals: readonly string[] = this.#of.state.hosts): void {
    if (!this.#of.live()) return;
    for (const host of terminals) {
      const size = this.#wanted.get(host);
      const told = this.#told.get(host);
      if (!size || (told?.columns === size.columns && told.rows === size.rows)) continue;
      this.#told.set(host, size);
      this.#of.put({ type: 'resize', host, ...size });
    }
  }

  #arrange(arrangement: Arrangement): void {
    const { state } = this.#of;
    state.arrangement = arrangement;
    if (!state.watching) this.#of.journal()?.note({ screens: arrangement });
    // A session in which nothing was done is not kept; the tab remembers then.
    writePreference('screens', JSON.stringify(arrangement), 'tab');
  }

  /** What the reader arranged is found again, though nothing was typed yet. */
  #keep(): void {
    if (!this.#of.state.watching) void this.#of.journal()?.keep();
  }
}

function ofTab(): Arrangement | undefined {
  try {
    return readArrangement(JSON.parse(readPreference('screens', 'tab') ?? 'null'));
  } catch {
    return undefined;
  }
}

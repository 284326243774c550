/** Types the article's commands, as it has them, into a learner's terminals. */

import { expect, test } from '@playwright/test';
import type { Typed } from './commands.ts';
import type { Learner } from './learner.ts';

/** A look at what takes its time in the cluster is repeated for this long (milliseconds). */
const REPEATED = 120_000;

/** Types the article's commands with the names that this cluster gave. */
export class Reader {
  readonly #learner: Learner;
  readonly #names = new Map<string, string>();

  constructor(learner: Learner) {
    this.#learner = learner;
  }

  async type({ host, type, keys, shows }: Typed): Promise<void> {
    await this.#learner.choose(this.#named(host));
    const command = this.#named(type);
    await test.step(`${host}: ${command.split('\n')[0]}`, async () => {
      if (keys) {
        await this.#learner.line(command);
        await this.#press(keys);
        await this.#learner.atPrompt();
        return;
      }
      if (!shows) {
        await this.#learner.command(command);
        return;
      }
      const expected = new RegExp(this.#named(shows.source), shows.flags);
      await expect(async () => {
        const screen = await this.#learner.command(command);
        const found = expected.exec(screen.slice(Math.max(0, screen.lastIndexOf(lastPart(command)))));
        expect(found, `${expected}\n${screen}`).not.toBeNull();
        for (const [name, value] of Object.entries(found!.groups ?? {})) this.#names.set(name, value);
      }).toPass({ timeout: REPEATED, intervals: [1_000] });
    });
  }

  async #press(keys: readonly string[]): Promise<void> {
    const { keyboard } = this.#learner.page;
    for (const key of keys) {
      const special = /^\{(\w+)\}$/.exec(key)?.[1];
      await (special ? keyboard.press(special) : keyboard.type(key));
    }
  }

  #named(text: string): string {
    return text.replace(/\$([a-z]+)/g, (whole, name: string) => this.#names.get(name) ?? whole);
  }
}

/** What a command's echo is known by: long ones wrap, and long answers scroll it away. */
const lastPart = (command: string): string => command.split('\n').at(-1)!.slice(0, 40);

/** Finds the command in the words and parses its flags, as spf13/cobra does. */

import { distance } from '../text.ts';
import type { Command } from './command.ts';
import { CommandError, PlainError, UsageError } from './errors.ts';
import { type Flags, FlagTable, GLOBAL_FLAGS, parseFlags } from './flags.ts';

export interface Invocation {
  readonly command: Command;
  /** `kubectl create deployment`. */
  readonly path: string;
  readonly flags: Flags;
}

export interface Located {
  readonly command: Command;
  readonly names: readonly string[];
  /** The words left: flags and arguments. */
  readonly rest: readonly string[];
}

const globals = new FlagTable(GLOBAL_FLAGS);

/** Command.Find: subcommand names are taken out of the words, wherever flags stand. */
export function locate(root: Command, words: readonly string[]): Located {
  let command = root;
  let rest = [...words];
  const names: string[] = [];
  for (;;) {
    const at = firstArgument(rest, command);
    if (at < 0 || !command.commands) return { command, names, rest };
    const next = command.commands.find((c) => c.name === rest[at] || c.aliases?.includes(rest[at]!));
    if (!next) return { command, names, rest };
    names.push(next.name);
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)];
    command = next;
  }
}

/** Cobra's stripFlags: which word is the first that is neither a flag nor a flag's value. */
export function firstArgument(words: readonly string[], command: Command): number {
  const own = command.flags ? new FlagTable(command.flags) : undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') return -1;
    if (word.startsWith('--')) {
      if (word.includes('=')) continue;
      const spec = own?.long(word.slice(2)) ?? globals.long(word.slice(2));
      if (spec && spec.bare === undefined) i++;
    } else if (word.startsWith('-') && word.length === 2) {
      const spec = own?.short(word[1]!) ?? globals.short(word[1]!);
      if (spec && spec.bare === undefined) i++;
    } else if (!word.startsWith('-') && word !== '') return i;
  }
  return -1;
}

/** Parses the command's flags. Throws PlainError with cobra's words. */
export function parse({ command, names, rest }: Located): Invocation {
  const path = ['kubectl', ...names].join(' ');
  try {
    const flags = parseFlags(new FlagTable(command.flags ?? '', GLOBAL_FLAGS), rest);
    return { command, path, flags };
  } catch (error) {
    if (error instanceof UsageError) throw new PlainError(`error: ${error.message}\nSee '${path} --help' for usage.`);
    throw error;
  }
}

export function checkRequired({ command, flags }: Invocation): void {
  const missing = (command.required ?? []).filter((name) => !flags.changed(name));
  if (missing.length > 0) throw new CommandError(`required flag(s) ${missing.map((n) => `"${n}"`).join(', ')} not set`);
}

/** `unknown command "gett" for "kubectl"`, with what may have been meant (Levenshtein distance up to 2, or a common beginning). */
export function unknownCommand(root: Command, word: string): CommandError {
  const near = (root.commands ?? [])
    .filter((c) => !c.hidden)
    .filter((c) => distance(word, c.name) <= 2 || c.name.toLowerCase().startsWith(word.toLowerCase()))
    .map((c) => c.name);
  const advice = near.length > 0 ? `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : '';
  return new CommandError(`unknown command "${word}" for "kubectl"${advice}`);
}

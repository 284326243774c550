/** What kubectl does, from its table of commands beside the real one's own help: commands and flags that are missing, refused or without effect. */

import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from '../../sandbox/kubectl/cli/command.ts';
import { FlagTable, GLOBAL_FLAGS } from '../../sandbox/kubectl/cli/flags.ts';
import { commands as commandTable } from '../../sandbox/kubectl/commands/index.ts';
import * as unsupported from '../../sandbox/kubectl/commands/unsupported.ts';
import { helpTexts } from '../../sandbox/kubectl/help/generated/texts.ts';
import { code, codes, sorted } from './markdown.ts';

const KUBECTL = new URL('../../sandbox/kubectl/', import.meta.url);

interface Located {
  readonly path: string;
  readonly command: Command;
}

const all = (list: readonly Command[], above = ''): Located[] =>
  list.flatMap((command) => {
    const path = above ? `${above} ${command.name}` : command.name;
    return [{ path, command }, ...all(command.commands ?? [], path)];
  });

export function commands(): string {
  const refused = new Set<Command>(Object.values(unsupported));
  const ours = all(commandTable);
  const known = new Set(ours.map(({ path }) => path));
  const unknown = Object.keys(helpTexts).filter((path) => path !== '' && path !== 'help' && !known.has(path));
  const unknownFlags = ours.flatMap(missingFlags);
  const idle = idleFlags(ours);
  return `**Supported** (${ours.filter(({ command }) => command.run && !refused.has(command)).length} commands and subcommands): ${commandTable
    .filter((command) => !refused.has(command) && !command.hidden)
    .map(described)
    .join(', ')}.

**Stop where the real ones would without what the lab has not got**: ${codes(sorted([...refused].map(({ name }) => name)))}.

**Of the real kubectl's commands, unknown here**: ${unknown.length > 0 ? codes(unknown) : 'none'}.

**Of the real kubectl's flags, unknown here**: ${unknownFlags.length > 0 ? codes(unknownFlags) : 'none'}.

**Accepted as the real one does, but nothing reads them**: ${codes(idle)}.`;
}

const described = ({ name, commands: subcommands }: Command): string =>
  subcommands?.length ? `${code(name)} (${subcommands.map((sub) => sub.name).join(', ')})` : code(name);

/** Options of the real \`--help\` that our table would refuse. */
function missingFlags({ path, command }: Located): string[] {
  const table = new FlagTable(command.flags ?? '', GLOBAL_FLAGS);
  const help = helpTexts[path] ?? '';
  const options = [...help.matchAll(/^ {4}(?:-\w, )?--([\w-]+)[=:]/gm)].map(([, name]) => name!);
  return options.filter((name) => !table.long(name)).map((name) => `${path} --${name}`);
}

/** Flags of our tables whose names no code asks for. */
function idleFlags(ours: readonly Located[]): string[] {
  const text = sources();
  // `keep-${probe}` asks for every flag that begins so.
  const beginnings = [...text.matchAll(/\(`([\w-]+)\$\{/g)].map(([, beginning]) => beginning!);
  const isRead = (name: string) =>
    text.includes(`'${name}'`) || beginnings.some((beginning) => name.startsWith(beginning));
  const names = new FlagTable(...ours.map(({ command }) => command.flags ?? ''), GLOBAL_FLAGS).names();
  return sorted([...names].map(({ name }) => name))
    .filter((name) => !isRead(name))
    .map((name) => `--${name}`);
}

/** The code of kubectl, without tests, what is generated, and the reading of flags itself. */
function sources(): string {
  return readdirSync(KUBECTL, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => !name.includes('generated/') && name !== 'cli/flags.ts')
    .map((name) => readFileSync(new URL(name, KUBECTL), 'utf8'))
    .join('\n');
}

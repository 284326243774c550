/**
 * What a lab in a frame and the page around it say to each other by `postMessage`: docs/embedding-lab.md tells it to those who use it.
 * Every message is a plain object with `bound: 1`, the protocol's version; what lacks that is somebody else's, and passed over in silence.
 */

export const VERSION = 1;

export const THEMES = ['auto', 'light', 'dark'] as const;
export type LabTheme = (typeof THEMES)[number];
export const isTheme = (value: unknown): value is LabTheme => THEMES.some((theme) => theme === value);

/** A command typed for somebody is no longer than this (characters). */
const LONGEST = 20_000;

export type ToLab =
  /** Says where the page is, and asks for what was said before. */
  | { readonly type: 'hello' }
  /** Types command lines at a host's prompt; answered by `ran`, with the same id. */
  | { readonly type: 'run'; readonly id: string | number; readonly host: string; readonly command: string }
  | { readonly type: 'theme'; readonly theme: LabTheme };

export interface LabStep {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  /** Its solution was typed by "Show me". */
  readonly shown: boolean;
  readonly checkpoints: readonly { readonly id: string; readonly says: string; readonly passed: boolean }[];
}

export type FromLab =
  /** It listens, and does not know yet who is around it: said to everybody, so without anything in it. `hello` is the answer. */
  | { readonly type: 'here' }
  | {
      readonly type: 'ready';
      readonly language: string;
      readonly lesson: string;
      readonly step: string | undefined;
      readonly title: string;
      readonly hosts: readonly string[];
    }
  /** `steps`: the one that was asked for, or the lesson's. `done`: all of them that must be. */
  | { readonly type: 'progress'; readonly lesson: string; readonly steps: readonly LabStep[]; readonly done: boolean }
  /** `problem`: why it was not typed, in English, for whoever wrote the page. */
  | { readonly type: 'ran'; readonly id: string | number; readonly ok: boolean; readonly problem?: string }
  /** The height at which it would hide nothing that is unfolded in it (CSS pixels). */
  | { readonly type: 'height'; readonly height: number }
  /** Its address asks for what there is not; in the lab's language, as the frame shows it. */
  | { readonly type: 'problem'; readonly message: string };

/** What is to be done with something that came by `postMessage`: a message, nothing (it is not ours), or why it is none, in words. */
export type Read<T> = { readonly message: T } | { readonly malformed: string } | undefined;

type Fields = Readonly<Record<string, unknown>>;

function ours(data: unknown): { readonly fields: Fields } | { readonly malformed: string } | undefined {
  if (typeof data !== 'object' || data === null || !('bound' in data)) return undefined;
  if (data.bound === VERSION) return { fields: data as Fields };
  return { malformed: `version ${String(data.bound)} of the protocol is not known here, ${VERSION} is` };
}

const isId = (value: unknown): value is string | number =>
  (typeof value === 'string' && value.length <= 200) || (typeof value === 'number' && Number.isFinite(value));
const isText = (value: unknown): value is string => typeof value === 'string';

export function readToLab(data: unknown): Read<ToLab> {
  const read = ours(data);
  if (!read || 'malformed' in read) return read;
  const { type, id, host, command, theme } = read.fields;
  if (type === 'hello') return { message: { type } };
  if (type === 'theme')
    return isTheme(theme) ? { message: { type, theme } } : { malformed: 'theme: auto, light or dark' };
  if (type !== 'run') return { malformed: `type "${String(type)}" is not known` };
  if (!isId(id)) return { malformed: 'run: id is a string or a number' };
  if (!isText(host) || !isText(command)) return { malformed: 'run: host and command are strings' };
  return { message: { type, id, host, command } };
}

/** Why a command is not typed; undefined when it may be. Keys that a shell reads as commands of their own are not part of a line. */
export function refusal(command: string): string | undefined {
  if (command.trim() === '') return 'the command is empty';
  if (command.length > LONGEST) return `the command has more than ${LONGEST} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(command)) return 'the command has control characters in it';
  return undefined;
}

export function readFromLab(data: unknown): Read<FromLab> {
  const read = ours(data);
  if (!read || 'malformed' in read) return read;
  const { type, id, height, message, steps, title } = read.fields;
  const known =
    type === 'here' ||
    (type === 'ready' && isText(title)) ||
    (type === 'progress' && Array.isArray(steps)) ||
    (type === 'ran' && isId(id)) ||
    (type === 'height' && typeof height === 'number' && Number.isFinite(height)) ||
    (type === 'problem' && isText(message));
  return known
    ? { message: read.fields as unknown as FromLab }
    : { malformed: `type "${String(type)}" is not known, or lacks something` };
}

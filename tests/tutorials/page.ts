/** A published page read as its reader would: which commands it has one type, and what it shows of their output. */

export interface Step {
  /** Where the block stands in the page, counted from 1. */
  readonly line: number;
  /** The commands of one block, as the page prints them, without prompts. */
  readonly command: string;
  /** The prose since the block before. */
  readonly prose: string;
  /** What the page shows of the output; more than one are alternatives ("or"). Empty: it shows none. */
  readonly outputs: readonly string[];
  /** What one was told to save before, by the name of the file. */
  readonly files: Readonly<Record<string, string>>;
}

interface Block {
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly prose: string;
}

const SHELLS = new Set(['shell', 'bash', 'sh']);
/** Outputs are fenced with these, if they name a language at all. */
const OUTPUTS = new Set(['', 'none', 'console', 'ini', 'text', 'yaml', 'output']);
const PROMPT = /^(?:\S+@\S+[#$]|\$) /;
const BARE_COMMAND = /^(?:#.*\n)*(?:kubectl|for) /;
/** `kubectl` with at least a verb and an object, inside a sentence. */
const INLINE_COMMAND = /`(kubectl [^`<\s]+ [^`<]+)`/g;
/** What no command prints: where something is served. */
const ENDPOINT = /^\/apis?\/\S*$/;
/** Output that stands in a block of commands, without prompts to tell them apart: `crontab "a" created`, `5`. */
const OUTPUT_LINE = /^(?:[\w./-]+ "[^"]+" \w+|\d+)$/;
/** "If you save the following YAML to `my-crontab.yaml`:". */
const SAVED = /[Ss]ave [^.`]*? (?:to|as|into) `([\w.-]+\.ya?ml)`[^.`]*:?$/;
/** A manifest is no command's output, unless the command asks for one. */
const ASKS_FOR_YAML = /-o[ =]?yaml/;

export function stepsOf(markdown: string): Step[] {
  const steps: { line: number; command: string; prose: string; outputs: string[]; files: Record<string, string> }[] =
    [];
  let files: Record<string, string> = {};
  for (const { line, language, text, prose } of blocks(markdown)) {
    const last = steps.at(-1);
    const saved = language === 'yaml' ? SAVED.exec(prose)?.[1] : undefined;
    if (saved !== undefined) {
      files[saved] = `${text}\n`;
      continue;
    }
    if (SHELLS.has(language) || (language === '' && BARE_COMMAND.test(text))) {
      steps.push({ line, prose, files, ...typed(text) });
      files = {};
      continue;
    }
    if (!OUTPUTS.has(language) || ENDPOINT.test(text)) continue;
    const inline = [...prose.matchAll(INLINE_COMMAND)].at(-1)?.[1];
    if (language === 'yaml' && !ASKS_FOR_YAML.test(inline ?? last?.command ?? '')) continue;
    // A second look at what one was told to keep watching in another terminal.
    const watch = /terminal/.test(prose) ? steps.findLast(({ command }) => isWatch(command)) : undefined;
    if (inline ?? watch) steps.push({ line, prose, files: {}, command: inline ?? watch!.command, outputs: [text] });
    else if (last && (last.outputs.length === 0 || prose === 'or')) show(last, text);
  }
  return steps;
}

/** Some outputs have further commands between them. */
function show(step: { command: string; outputs: string[] }, text: string): void {
  const program = step.command.split('\n').at(-1)!.split(' ')[0]!;
  const isCommand = (line: string) => line.startsWith(`${program} `);
  const lines = text.split('\n');
  step.command = [step.command, ...lines.filter(isCommand)].join('\n');
  step.outputs.push(lines.filter((line) => !isCommand(line)).join('\n'));
}

/** Runs until it is ended. */
export const isWatch = (command: string): boolean => /^\s*kubectl .*(?:\s-w\b|\s--watch\b)/m.test(command);

/** With prompts in it, a block holds a session: commands, and their output between them. */
function typed(text: string): { command: string; outputs: string[] } {
  const lines = text.split('\n');
  if (!lines.some((line) => PROMPT.test(line))) {
    const shown = lines.filter((line) => OUTPUT_LINE.test(line));
    const command = lines
      .filter((line) => !OUTPUT_LINE.test(line))
      .join('\n')
      .trimEnd();
    return { command, outputs: shown.length > 0 ? [shown.join('\n')] : [] };
  }
  const commands = lines.filter((line) => PROMPT.test(line)).map((line) => line.replace(PROMPT, ''));
  const output = lines.filter((line) => !PROMPT.test(line) && line !== '');
  return { command: commands.join('\n'), outputs: output.length > 0 ? [output.join('\n')] : [] };
}

/** Fenced blocks, without the indentation of the list they stand in. */
function* blocks(markdown: string): Generator<Block> {
  const lines = markdown.split('\n');
  let prose: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [, indent, fence, language] = /^(\s*)(```+)\s*([\w-]*)/.exec(lines[i]!) ?? [];
    if (fence === undefined) {
      prose.push(lines[i]!);
      continue;
    }
    const line = i + 1;
    const text: string[] = [];
    for (i++; i < lines.length && lines[i]!.trim() !== fence; i++)
      text.push(lines[i]!.startsWith(indent!) ? lines[i]!.slice(indent!.length) : lines[i]!.trimStart());
    yield { line, language: language!, text: text.join('\n').trimEnd(), prose: prose.join(' ').trim() };
    prose = [];
  }
}

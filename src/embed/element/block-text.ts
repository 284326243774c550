/** What a code block of somebody's documentation says is to be typed, and where. */

/** As a block says it itself, in its first line, where a tool renders nothing else of what its author wrote: `# run on node01`. */
const SAYS = /^\s*(?:#|\/\/)\s*run on ([a-z][\w-]*)\s*\n/i;

export const hostSaid = (text: string): string | undefined => SAYS.exec(text)?.[1]?.toLowerCase();

/**
 * The command lines of a block: of a transcript (lines that begin with `$ `, and what they printed) its commands, with the lines that
 * go on after a `\` at the end or begin with `> `; of anything else, all of it.
 */
export function commandOf(text: string): string {
  const lines = text.replace(SAYS, '').replace(/\s+$/, '').split('\n');
  if (!lines.some((line) => line.startsWith('$ '))) return lines.join('\n').replace(/^\n+/, '');
  const commands: string[] = [];
  let taken = false;
  for (const line of lines) {
    const goesOn = taken && commands.at(-1)?.endsWith('\\');
    if (line.startsWith('$ ')) commands.push(line.slice(2));
    else if (taken && /^>( |$)/.test(line)) commands.push(line.slice(2));
    else if (goesOn) commands.push(line);
    else {
      taken = false;
      continue;
    }
    taken = true;
  }
  return commands.join('\n');
}

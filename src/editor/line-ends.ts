/** A file's line ends: the editor has lines, the machine gets back what it had. */

export type LineEnd = '\n' | '\r\n';

export interface Lines {
  /** As the editor shows it. */
  readonly text: string;
  /** What ends each of its lines on the machine. */
  readonly end: LineEnd;
}

/** Where all lines end as Windows writes them, the editor has plain ones; anything else stays in the text as it is. */
export function fromMachine(text: string): Lines {
  const plain = text.replaceAll('\r\n', '\n');
  const isWindows = plain !== text && !plain.includes('\r') && plain.length + count(plain) === text.length;
  return isWindows ? { text: plain, end: '\r\n' } : { text, end: '\n' };
}

export const toMachine = ({ text, end }: Lines): string => (end === '\n' ? text : text.replaceAll('\n', end));

/** A text that holds carriage returns is shown with them: only `\n` ends its lines. */
export const hasReturns = (text: string): boolean => text.includes('\r');

const count = (text: string): number => text.split('\n').length - 1;

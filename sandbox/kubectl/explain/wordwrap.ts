/** Breaks lines between words at a width, as github.com/mitchellh/go-wordwrap does: line breaks stay, a word longer than the width is not cut. */

export function wordWrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  let out = '';
  let current = 0;
  for (const [, space = '', word = ''] of line.matchAll(/(\s*)(\S*)/g)) {
    const length = [...word].length;
    if (length === 0) return current + space.length <= width ? out + space : out;
    if (current + space.length + length > width && current + space.length > 1) {
      out += `\n${word}`;
      current = length;
    } else {
      out += space + word;
      current += space.length + length;
    }
  }
  return out;
}

/** Every line with so many spaces before it, empty ones too. */
export const indent = (amount: number, text: string): string => text.replace(/^/gm, ' '.repeat(amount));

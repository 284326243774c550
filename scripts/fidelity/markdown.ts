/** Tables and lists of names in Markdown. */

export const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

export const codes = (names: Iterable<string>): string => [...names].map(code).join(', ');

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

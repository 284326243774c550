/** Markdown from elsewhere as MDX reads it: marks of buttons, callouts, pictures and links made ours, the rest escaped. */

import { createProcessor } from '@mdx-js/mdx';
import type { Left } from './imported.ts';

const processor = createProcessor({ format: 'mdx' });
const HOST = 'master01';

export interface TakenProse {
  readonly text: string;
  /** What a button runs, in order. */
  readonly commands: readonly string[];
}

/** `where` names the file in what is left. */
export function takeProse(markdown: string, where: string, left: Left): TakenProse {
  const commands: string[] = [];
  const pieces = markdown
    .replaceAll('\r\n', '\n')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .split(/^(`{3,}[^\n]*\n[\s\S]*?^`{3,}[^\n]*$)/m);
  const text = pieces
    .map((piece) => (piece.startsWith('```') ? fence(piece, commands) : words(piece, commands, where, left)))
    .join('')
    .replaceAll(/ *\n{3,}/g, '\n\n')
    .trim();
  return { text: readable(text, where, left), commands };
}

/** Killercoda writes the button after the fence: ```` ```{{exec}} ````. */
function fence(piece: string, commands: string[]): string {
  const [, ticks, language = '', code = '', mark = ''] =
    /^(`{3,})([^\n]*)\n([\s\S]*?)^`{3,}([^\n]*)$/m.exec(piece) ?? [];
  const runs = /\{\{exec/.test(mark);
  if (runs) commands.push(code.trimEnd());
  const name = language.trim().split(/\s+/)[0] || (mark ? 'sh' : 'text');
  return `${ticks}${runs ? `sh host=${HOST}` : name}\n${code}${ticks}`;
}

function words(piece: string, commands: string[], where: string, left: Left): string {
  return piece
    .replaceAll(/^(import|export) .*$/gm, (line) => {
      left.add(where, `"${line}" – components of other sites are not there`);
      return '';
    })
    .replaceAll(/`([^`\n]+)`\{\{exec[^}]*\}\}/g, (_, command: string) => {
      commands.push(command);
      return `\n\n\`\`\`sh host=${HOST}\n${command}\n\`\`\`\n\n`;
    })
    .replaceAll(/(`[^`\n]+`)\{\{[^}]*\}\}/g, '$1')
    .replaceAll(/\[?\{\{(TRAFFIC[^}]*)\}\}\]?(\([^)]*\))?/g, (_, name: string) => {
      left.add(where, `the address {{${name}}}: no page of the lab can be opened in a browser`);
      return `\`${name}\``;
    })
    .replaceAll(
      /^:{3,}\s*(?:tip|info|note|warn\w*|danger|success)[^\n]*\n([\s\S]*?)^:{3,}[ \t]*$/gm,
      '<Note>\n\n$1\n</Note>',
    )
    .replaceAll(/!\[([^\]]*)\]\(([^)]*)\)/g, (_, alt: string, path: string) => {
      left.add(where, `the picture ${path}`);
      return alt ? `*${alt}*` : '';
    })
    .replaceAll(/\[([^\]]+)\]\((?!https?:|mailto:)([^)]*)\)/g, (_, label: string, to: string) => {
      left.add(where, `the link to ${to}: what it led to is elsewhere now`);
      return label;
    })
    .replaceAll(/^#{1,2}\s+/gm, '### ')
    .replaceAll(/<br\s*\/?>/g, '')
    .replaceAll(/<details>\s*<summary>(.*?)<\/summary>\s*/g, '<details>\n<summary>$1</summary>\n\n')
    .replaceAll(/\s*<\/details>/g, '\n\n</details>')
    .replaceAll(/`[^`\n]*`|\{/g, (found) => (found === '{' ? '\\{' : found));
}

/** What MDX cannot read as it stands is written so that it reads it as text. */
function readable(text: string, where: string, left: Left): string {
  if (reads(text)) return text;
  const plain = text
    .split(/^(`{3,}[^\n]*\n[\s\S]*?^`{3,}[^\n]*$)/m)
    .map((piece) =>
      piece.startsWith('```')
        ? piece
        : piece.replaceAll(/`[^`\n]*`|<(?!\/?Note>)/g, (found) => (found === '<' ? '\\<' : found)),
    )
    .join('');
  left.add(where, 'HTML that MDX cannot read stands as text now');
  return plain;
}

function reads(text: string): boolean {
  try {
    processor.parse(text);
    return !/<(?!Note\b)[A-Z]/.test(text.replaceAll(/`[^`]*`/g, ''));
  } catch {
    return false;
  }
}

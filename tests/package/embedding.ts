/** The examples of docs/embedding.md: code blocks that name their file. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** By file name. */
export function examples(): Map<string, string> {
  const page = readFileSync(join(import.meta.dirname, '../../docs/embedding.md'), 'utf8');
  return new Map([...page.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, name, text]) => [name!, text!]));
}

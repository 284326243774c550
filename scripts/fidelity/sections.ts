/** The generated sections of FIDELITY.md: what stands between `<!-- generated: NAME -->` and `<!-- end -->`. */

import { conformance } from './conformance.ts';
import { commands } from './kubectl.ts';
import { images, programs } from './machines.ts';
import { controllers, resources } from './resources.ts';

const sections: Readonly<Record<string, () => string | Promise<string>>> = {
  resources,
  controllers,
  commands,
  programs,
  images,
  conformance,
};

const MARKED = /<!-- generated: ([\w-]+) -->\n.*?<!-- end -->/gs;

/** The document with every marked section as its table says now; all sections must be there. */
export async function filled(document: string): Promise<string> {
  const texts = new Map<string, string>();
  for (const [name, write] of Object.entries(sections)) texts.set(name, await write());
  const missing = new Set(texts.keys());
  const text = document.replace(MARKED, (_, name: string) => {
    const section = texts.get(name);
    if (section === undefined) throw new Error(`FIDELITY.md asks for a section ${name}, which nobody writes`);
    missing.delete(name);
    return `<!-- generated: ${name} -->\n${section.trim()}\n<!-- end -->`;
  });
  if (missing.size > 0) throw new Error(`FIDELITY.md has no section ${[...missing].join(', ')}`);
  return text;
}

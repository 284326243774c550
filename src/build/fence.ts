/** What an author writes after a fence's language (` ```sh host=nfs in=container `), kept as data attributes of its `<pre>`. `exit=` is for the linter. */

import type { ShikiTransformer } from 'shiki';

const attributes = new Set(['host', 'in', 'exit']);

/** `host=nfs in=container` → { host: 'nfs', in: 'container' }; an unknown word is the author's mistake. */
function parseFence(meta: string): Record<string, string> {
  const words = meta.split(/\s+/).filter((word) => word !== '');
  return Object.fromEntries(
    words.map((word) => {
      const [name, value] = word.split('=', 2) as [string, string | undefined];
      if (!attributes.has(name) || !value) throw new Error(`a fence knows host=…, in=… and exit=…, not "${word}"`);
      return [name, value];
    }),
  );
}

export function fenceAttributes(): ShikiTransformer {
  return {
    name: 'fence-attributes',
    pre(node) {
      const meta = (this.options.meta as { __raw?: string } | undefined)?.__raw ?? '';
      const { exit: _, ...kept } = parseFence(meta);
      for (const [name, value] of Object.entries(kept)) node.properties[`data-${name}`] = value;
      node.properties['data-lines'] = this.source.trimEnd().split('\n').length;
    },
  };
}

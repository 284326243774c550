/** How much a document says by its aliases: Go-YAML decodes an anchor anew for each, and stops at a bomb (yaml.v2 decode.go, allowedAliasRatio). */

import { YamlError } from './scanner.ts';

/** Up to so many decoded nodes nearly all may come from aliases; from so many on a tenth. */
const LOW = 400_000;
const HIGH = 4_000_000;
/** What its scalars may come to altogether, aliases written out (characters): Go would run out of memory somewhere beyond. */
const MOST_TEXT = 64 * 1024 * 1024;

/** Of a node: how many decodings it takes, and how long its scalars are. */
export class Weight {
  readonly nodes: number;
  readonly text: number;
  constructor(nodes: number, text: number) {
    this.nodes = nodes;
    this.text = text;
  }

  minus({ nodes, text }: Weight): Weight {
    return new Weight(this.nodes - nodes, this.text - text);
  }
}

/** Throws YamlError once a document has taken too much. */
export class AliasBudget {
  #nodes = 0;
  #aliased = 0;
  #text = 0;

  /** All that was decoded so far. */
  get weight(): Weight {
    return new Weight(this.#nodes, this.#text);
  }

  node(text: number): void {
    this.#nodes++;
    this.#text += text;
  }

  alias({ nodes, text }: Weight): void {
    this.#nodes += nodes + 1;
    this.#aliased += nodes;
    this.#text += text;
    const excessive =
      this.#aliased > 100 && this.#nodes > 1000 && this.#aliased / this.#nodes > allowedRatio(this.#nodes);
    if (excessive || this.#text > MOST_TEXT) throw new YamlError('document contains excessive aliasing');
  }
}

function allowedRatio(nodes: number): number {
  if (nodes <= LOW) return 0.99;
  if (nodes >= HIGH) return 0.1;
  return 0.99 - 0.89 * ((nodes - LOW) / (HIGH - LOW));
}

/** Long chains of && and || as trees of little depth, as cel-go's parser makes them (cel-go parser/helper.go, exprHelper's balancer). */

import type { ASTNode } from '@marcbachmann/cel-js';

/** A chain nests at its left, once for each term: what goes down it would run out of stack. */
export function balanceLogic(root: ASTNode): void {
  const left: unknown[] = [root];
  const seen = new Set<unknown>();
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) left.push(...value);
    else if (isNode(value)) {
      if (value.op === '&&' || value.op === '||') balance(value);
      left.push(value.args);
    } else if (Object.getPrototypeOf(value) === Object.prototype) left.push(...Object.values(value));
  }
}

const isNode = (value: object): value is ASTNode => 'op' in value && 'args' in value;

type Logic = ASTNode & { readonly op: '&&' | '||' };
type Writable = { args: [ASTNode, ASTNode]; start: number; end: number };

function balance(top: Logic): void {
  const terms: ASTNode[] = [];
  const nodes: Logic[] = [top];
  for (let node: ASTNode = top; ; ) {
    const [next, term]: readonly ASTNode[] = (node as Logic).args;
    terms.push(term!);
    node = next!;
    if (node.op !== top.op) break;
    nodes.push(node as Logic);
  }
  // Three terms are as deep either way.
  if (nodes.length < 3) return;
  let first: ASTNode = top;
  while (first.op === top.op) first = first.args[0];
  terms.push(first);
  terms.reverse();
  nodes.reverse();
  // The operator between a term and the next is the node that joined them, but for the one that others know.
  const middleOfAll = (terms.length - 1) >> 1;
  [nodes[middleOfAll], nodes[nodes.length - 1]] = [top, nodes[middleOfAll]!];
  const joined = (from: number, to: number): ASTNode => {
    if (from === to) return terms[from]!;
    const middle = from + ((to - from) >> 1);
    const node = nodes[middle]!;
    const args: [ASTNode, ASTNode] = [joined(from, middle), joined(middle + 1, to)];
    Object.assign(node as Writable, { args, start: args[0].start, end: args[1].end });
    return node;
  };
  joined(0, terms.length - 1);
}

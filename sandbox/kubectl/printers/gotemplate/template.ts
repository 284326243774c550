/** Go's text/template, as much as `-o go-template` needs: actions, pipelines, range, with, if, variables, functions. */

import { Execution } from './exec.ts';
import { type Piece, TemplateParser } from './parse.ts';

export type Template = (data: unknown, allowMissing: boolean) => string;

/** Throws `error parsing template …`. */
export function parseGoTemplate(text: string): Template {
  let pieces: readonly Piece[];
  try {
    pieces = new TemplateParser(text).parse();
  } catch (error) {
    throw new Error(`error parsing template ${text}, template: output:1: ${reasonOf(error)}`);
  }
  return (data, allowMissing) => {
    const scope = new Map<string, unknown>([['$', data]]);
    try {
      return new Execution(allowMissing).run(pieces, data, scope);
    } catch (error) {
      throw new Error(`error executing template ${JSON.stringify(text)}: template: output:1: ${reasonOf(error)}`);
    }
  };
}

/** Go's template package has limits of its own for what nests too deep (exec.go, maxExecDepth) and grows too long. */
const reasonOf = (error: unknown): string =>
  error instanceof RangeError ? 'exceeded maximum template depth (100000)' : (error as Error).message;

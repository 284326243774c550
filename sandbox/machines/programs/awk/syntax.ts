/** The tree of an awk program (POSIX awk, grammar). */

export type Expr =
  | { type: 'number'; value: number }
  | { type: 'string'; value: string }
  | { type: 'regex'; source: string }
  | { type: 'variable'; name: string }
  | { type: 'element'; name: string; subscripts: Expr[] }
  | { type: 'field'; index: Expr }
  | { type: 'assign'; target: Expr; operator: string; value: Expr }
  | { type: 'conditional'; test: Expr; yes: Expr; no: Expr }
  | { type: 'binary'; operator: string; left: Expr; right: Expr }
  | { type: 'unary'; operator: string; operand: Expr }
  | { type: 'increment'; target: Expr; by: 1 | -1; prefix: boolean }
  | { type: 'match'; negated: boolean; left: Expr; right: Expr }
  | { type: 'in'; subscripts: Expr[]; name: string }
  | { type: 'call'; name: string; args: Expr[] }
  | { type: 'builtin'; name: string; args: Expr[] }
  | { type: 'getline'; target: Expr | undefined; file: Expr | undefined; command: Expr | undefined }
  | { type: 'group'; items: Expr[] };

export type Statement =
  | { type: 'block'; body: Statement[] }
  | { type: 'expression'; value: Expr }
  | { type: 'print'; name: 'print' | 'printf'; args: Expr[]; redirect: { operator: string; target: Expr } | undefined }
  | { type: 'if'; test: Expr; yes: Statement; no: Statement | undefined }
  | { type: 'while'; test: Expr; body: Statement }
  | { type: 'do'; test: Expr; body: Statement }
  | { type: 'for'; start: Statement | undefined; test: Expr | undefined; step: Statement | undefined; body: Statement }
  | { type: 'forin'; variable: string; array: string; body: Statement }
  | { type: 'jump'; kind: 'next' | 'nextfile' | 'break' | 'continue' }
  | { type: 'exit'; status: Expr | undefined }
  | { type: 'return'; value: Expr | undefined }
  | { type: 'delete'; name: string; subscripts: Expr[] | undefined };

export interface Rule {
  readonly kind: 'BEGIN' | 'END' | 'pattern';
  readonly first: Expr | undefined;
  readonly second: Expr | undefined;
  readonly body: Statement | undefined;
}

export interface AwkFunction {
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}

/** mawk's words, after `awk: `. */
export class AwkError extends Error {}

/** Arithmetic as dash knows it (arith_yacc.c): no `**`, `++`, `--` or `,`, and its own words for what is wrong. */

import { ShellError } from '../errors.ts';
import type { ArithmeticError } from '../expand/arithmetic.ts';
import type { Shell } from '../shell.ts';

const TOKEN =
  /\s*(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*|[A-Za-z_]\w*|<<=|>>=|<<|>>|&&|\|\||[-+*/%&|^=!<>]=|[-+*/%&|^=!<>~?:()])/y;
const BINARY: ReadonlySet<string> = new Set('* / % + - << >> < <= > >= == != & ^ | && ||'.split(' '));
const ASSIGNS: ReadonlySet<string> = new Set('= *= /= %= += -= <<= >>= &= ^= |='.split(' '));

/** The expression with its tokens apart, so that bash's evaluator sees `++x` as dash does. Throws what dash says of it. */
export function posixArithmetic(shell: Shell, text: string): string {
  if (shell.ash && /\b(0[xX](?![\da-fA-F]+\b)|0\d*[89]|[1-9]\d*[A-Za-z_])/.test(text)) {
    throw new ShellError('arithmetic syntax error', 'shell', 2);
  }
  if (shell.ash || text.trim() === '') return text;
  const tokens: string[] = [];
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) break;
    tokens.push(match[1]!);
    at = TOKEN.lastIndex;
  }
  const unread = text.slice(at).trim() !== '';
  const fail = (words: string): never => {
    throw new ShellError(`arithmetic expression: ${words}: "${text}"`, 'shell', 2);
  };
  let next = 0;
  const primary = (): void => {
    const token = tokens[next++];
    if (token === undefined) fail('expecting primary');
    else if (token === '(') {
      assignment();
      if (tokens[next++] !== ')') fail("expecting ')'");
    } else if (/^[-+!~]$/.test(token)) primary();
    else if (/^[A-Za-z_]/.test(token)) number(shell, token);
    else if (!/^\d/.test(token)) fail('expecting primary');
  };
  const conditional = (): void => {
    primary();
    while (BINARY.has(tokens[next] ?? '')) {
      next++;
      primary();
    }
    if (tokens[next] !== '?') return;
    next++;
    assignment();
    if (tokens[next++] !== ':') fail("expecting ':'");
    conditional();
  };
  const assignment = (): void => {
    if (/^[A-Za-z_]/.test(tokens[next] ?? '') && ASSIGNS.has(tokens[next + 1] ?? '')) {
      next += 2;
      assignment();
    } else conditional();
  };
  assignment();
  if (next < tokens.length || unread) fail('expecting EOF');
  return tokens.join(' ');
}

/** A variable in an expression holds a number, and nothing else (cvtnum in mystring.c). */
function number(shell: Shell, name: string): void {
  const value = shell.variables.get(name) ?? '';
  if (value !== '' && !/^\s*[-+]?(0[xX][\da-fA-F]+|\d+)\s*$/.test(value))
    throw new ShellError(`Illegal number: ${value}`, 'shell', 2);
}

export function arithmeticFailure(shell: Shell, error: ArithmeticError, text: string): ShellError {
  if (shell.dialect === 'bash') return new ShellError(error.message);
  const division = error.message.includes('division by 0');
  if (shell.ash) return new ShellError(division ? 'divide by zero' : 'arithmetic syntax error', 'shell', 2);
  return new ShellError(
    `arithmetic expression: ${division ? 'division by zero' : 'expecting primary'}: "${text}"`,
    'shell',
    2,
  );
}

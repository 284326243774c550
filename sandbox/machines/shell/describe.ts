/** How variables, functions and options are listed: `declare -p`, `set`, `export -p`. */

import { quoteDouble, quoteSingle } from './expand/quote.ts';
import type { Variable } from './variables.ts';

export function flagsOf(variable: Variable): string {
  return (
    (variable.indexed ? 'a' : '') +
    (variable.associative ? 'A' : '') +
    (variable.integer ? 'i' : '') +
    (variable.lower ? 'l' : '') +
    (variable.nameref ? 'n' : '') +
    (variable.readonly ? 'r' : '') +
    (variable.upper ? 'u' : '') +
    (variable.exported ? 'x' : '')
  );
}

/** A line of `declare -p`. */
export function describeVariable(name: string, variable: Variable): string {
  const flags = flagsOf(variable);
  return `declare -${flags === '' ? '-' : flags} ${name}${valueText(variable, false)}`;
}

/** A line of `set`: values quoted only where needed. */
export function assignmentLine(name: string, variable: Variable): string {
  if (variable.indexed || variable.associative) return `${name}${valueText(variable, true)}`;
  const value = variable.scalar ?? '';
  const bare = /^[\w@%+:,./=\-{}^]*$/.test(value) && !value.startsWith('~');
  return `${name}=${bare ? value : quoteSingle(value)}`;
}

function valueText(variable: Variable, listed: boolean): string {
  if (variable.indexed) {
    const elements = [...variable.indexed].sort((a, b) => a[0] - b[0]).map(([k, v]) => `[${k}]=${quoteDouble(v)}`);
    return `=(${elements.join(' ')})`;
  }
  if (variable.associative) {
    const elements = [...variable.associative].map(
      ([k, v]) => `[${/^\w+$/.test(k) ? k : quoteDouble(k)}]=${quoteDouble(v)} `,
    );
    return `=(${elements.join('')})`;
  }
  if (variable.scalar === undefined) return '';
  return listed ? `=${variable.scalar}` : `=${quoteDouble(variable.scalar)}`;
}

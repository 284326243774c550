/** The `${x@Q}` family: Q E P A K k a U u L. */

import type { Task } from '../../../sim/task.ts';
import { describeVariable, flagsOf } from '../describe.ts';
import { ShellError } from '../errors.ts';
import { expandPrompt } from '../prompt.ts';
import type { Shell } from '../shell.ts';
import { isUtf8 } from './locale.ts';
import type { Parameter } from './parameter.ts';
import { decodeAnsiC, quoteDouble, quoteSingle } from './quote.ts';

export function* transform(shell: Shell, parameter: Parameter, operator: string): Task<Parameter> {
  const map = (fn: (value: string) => string): Parameter => ({ ...parameter, values: parameter.values?.map(fn) });
  const name = parameter.name.replace(/\[.*$/s, '');
  switch (operator) {
    case 'Q':
      return map(quoteSingle);
    case 'E':
      return map((value) => decodeAnsiC(value, isUtf8(shell)));
    case 'U':
      return map((value) => value.toUpperCase());
    case 'u':
      return map((value) => value.slice(0, 1).toUpperCase() + value.slice(1));
    case 'L':
      return map((value) => value.toLowerCase());
    case 'a': {
      const variable = shell.variables.lookup(name);
      return { ...parameter, values: variable ? [flagsOf(variable)] : [] };
    }
    case 'A': {
      const variable = shell.variables.lookup(name);
      if (!variable) return { ...parameter, values: [''] };
      const declared = describeVariable(name, variable);
      const bare = flagsOf(variable) === '' ? `${name}=${quoteSingle(parameter.values?.[0] ?? '')}` : declared;
      return { ...parameter, values: [bare], list: undefined };
    }
    case 'K':
    case 'k': {
      if (!parameter.list) return map(quoteSingle);
      const keys = shell.variables.keys(name);
      const pairs = (parameter.values ?? []).map((value, i) => `${keys[i]} ${quoteDouble(value)}`);
      return { ...parameter, values: [pairs.join(' ')] };
    }
    case 'P': {
      const out: string[] = [];
      for (const value of parameter.values ?? []) out.push(yield* expandPrompt(shell, value));
      return { ...parameter, values: out };
    }
    default:
      throw new ShellError(`\${${parameter.name}@${operator}}: bad substitution`);
  }
}

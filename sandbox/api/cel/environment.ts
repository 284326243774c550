/** The one environment of CEL: the language as cel-js has it, with Kubernetes' functions (apiserver pkg/cel/environment/base.go); made when something is first asked of it. */

import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { balanceLogic } from './balance.ts';
import { addresses } from './library/addresses.ts';
import { authorization } from './library/authorization.ts';
import { formats } from './library/formats.ts';
import { lists } from './library/lists.ts';
import { patches } from './library/patches.ts';
import { quantities } from './library/quantities.ts';
import { sets } from './library/sets.ts';
import { strings } from './library/strings.ts';
import { urls } from './library/urls.ts';
import { versions } from './library/versions.ts';
import { type Budget, measured, meter } from './meter.ts';

const LIBRARIES: readonly ((environment: Environment) => void)[] = [
  lists,
  strings,
  sets,
  quantities,
  urls,
  addresses,
  versions,
  formats,
  authorization,
  patches,
];

let base: Environment | undefined;

/** Without variables, and asking for each to be declared: to be cloned. */
function baseEnvironment(): Environment {
  if (!base) {
    base = new Environment({
      unlistedVariablesAreDyn: false,
      homogeneousAggregateLiterals: false,
      enableOptionalTypes: true,
    });
    for (const register of LIBRARIES) register(base);
  }
  return base;
}

/** Throws CelError where it costs more than it may, alone or with what else draws on the budget. */
export type Program = (context: Record<string, unknown>, budget: Budget) => unknown;

let evaluating: Environment | undefined;
const programs = new Map<string, Program>();
/** Expressions live in definitions and policies, of which a lab has few; those of ones long gone may go. */
const REMEMBERED = 1024;

/** Any variable may be anything: what does not fit is found when it runs. Throws ParseError. */
export function compiled(expression: string): Program {
  let program = programs.get(expression);
  if (!program) {
    evaluating ??= baseEnvironment().clone({ unlistedVariablesAreDyn: true });
    program = meteredProgram(evaluating.parse(expression));
    if (programs.size >= REMEMBERED) programs.clear();
    programs.set(expression, program);
  }
  return program;
}

function meteredProgram(read: ((context: Record<string, unknown>) => unknown) & { readonly ast: ASTNode }): Program {
  balanceLogic(read.ast);
  meter(read.ast);
  return (context, budget) => measured(() => read(context), budget);
}

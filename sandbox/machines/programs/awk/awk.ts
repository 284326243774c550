/** awk(1): POSIX awk, with the behaviour and messages of Debian's mawk 1.3.4. */

import { isErrno } from '../../errno.ts';
import type { Program } from '../../process.ts';
import { RegexError } from '../regex/regex.ts';
import { Interpreter } from './interpreter.ts';
import { decodeEscapes } from './lexer.ts';
import { parseAwk } from './parse.ts';
import { AwkError } from './syntax.ts';

export const awk: Program = function* (process, argv) {
  const args = argv.slice(1);
  const assignments: string[] = [];
  let separator: string | undefined;
  let source: string | undefined;
  while (args[0] !== undefined && /^-./.test(args[0])) {
    const option = args.shift()!;
    if (option === '--') break;
    if (option === '--version' || option === '-W') {
      yield* process.print('mawk 1.3.4 20200120\n');
      return 0;
    }
    const value = option.length > 2 ? option.slice(2) : args.shift();
    if (option[1] === 'F') separator = value;
    else if (option[1] === 'v') assignments.push(value ?? '');
    else if (option[1] === 'f') {
      try {
        source = `${source === undefined ? '' : `${source}\n`}${yield* process.readText(value ?? '')}`;
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* process.error(`awk: cannot open ${value} (${error.message})\n`);
        return 2;
      }
    } else {
      yield* process.error(`awk: not an option: ${option}\n`);
      return 2;
    }
  }
  source ??= args.shift();
  if (source === undefined) {
    yield* process.error('Usage: mawk [Options] [Program] [file ...]\n');
    return 2;
  }
  try {
    const interpreter = new Interpreter(process, parseAwk(source));
    for (const assignment of assignments) interpreter.assignArgument(assignment);
    if (separator !== undefined) interpreter.setVariable('FS', separator === 't' ? '\t' : decodeEscapes(separator));
    return yield* interpreter.run(['awk', ...args]);
  } catch (error) {
    if (error instanceof AwkError || error instanceof RegexError) {
      yield* process.error(`awk: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
};

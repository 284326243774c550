/** awk(1): POSIX awk, with the behaviour and messages of Debian's mawk 1.3.4. */

import { isErrno } from '../../errno.ts';
import type { Program } from '../../process.ts';
import { RegexError } from '../regex/regex.ts';
import { Interpreter } from './interpreter.ts';
import { decodeEscapes } from './lexer.ts';
import { parseAwk } from './parse.ts';
import { AwkError } from './syntax.ts';

/** As mawk 1.3.4 prints it. */
const USAGE = `Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W posix_space   do not consider "\\n" a space.
    -W usage         show this message and exit.
`;

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
    if (value === undefined && /[Ffv]/.test(option[1]!)) {
      yield* process.error(`awk: option ${option} lacks argument\n`);
      return 2;
    }
    if (option[1] === 'F') separator = value;
    else if (option[1] === 'v') assignments.push(value!);
    else if (option[1] === 'f') {
      try {
        source = `${source === undefined ? '' : `${source}\n`}${yield* process.readText(value!)}`;
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
    yield* process.error(USAGE);
    return 0;
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

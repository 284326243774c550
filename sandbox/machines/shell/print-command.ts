/**
 * Commands as bash writes them back (print_cmd.c of bash 5.2): functions in `declare -f`, `type` and the environment, and what `jobs`
 * says of a job.
 */

import type {
  Case,
  Command,
  CommandNode,
  CompoundList,
  HereDoc,
  If,
  Pipeline,
  PipelineNode,
  Redirection,
  Statement,
  SyntaxNode,
  TestExpression,
  Word,
} from 'unbash';
import { forEachChild } from 'unbash';
import { singleQuotes } from './expand/quote.ts';

type Commands = readonly Statement[];

class CommandPrinter {
  text = '';
  readonly #source: string;
  #indentation: number;
  readonly #step: number;
  /** In a function's body lists stand line by line, elsewhere in one. */
  #functions: number;
  #skipIndent = 0;
  /** Here-documents wait for the end of their line where something may follow them on it. */
  #lists = 0;
  #waiting: HereDoc[] = [];
  #afterHereDoc = false;

  constructor(source: string, { indentation = 0, step = 4, functions = 0 } = {}) {
    this.#source = source;
    this.#indentation = indentation;
    this.#step = step;
    this.#functions = functions;
  }

  #indent(): void {
    if (this.#skipIndent > 0) this.#skipIndent--;
    else this.text += ' '.repeat(this.#indentation);
  }

  #newline(text: string): void {
    this.text += `\n${' '.repeat(this.#indentation)}${text}`;
  }

  #semicolon(): void {
    if (!/[&\n]$/.test(this.text)) this.text += ';';
  }

  #within(body: () => void): void {
    this.#indentation += this.#step;
    body();
    this.#indentation -= this.#step;
  }

  /** A list as bash has it: each separator joins what stands before it with what follows. */
  list(commands: Commands): void {
    if (commands.length === 0) return;
    const joined = commands.length > 1 || commands[0]!.background === true;
    if (!joined) {
      this.statement(commands[0]!.command);
      return;
    }
    this.#lists++;
    commands.forEach((statement, i) => {
      if (i === 0) this.#indent();
      if (i === 0) this.#skipIndent++;
      this.statement(statement.command);
      const last = i === commands.length - 1;
      if (statement.background) {
        this.#flush(' &');
        if (last) return;
        this.text += ' ';
        this.#skipIndent++;
        return;
      }
      if (last) return;
      if (this.#waiting.length > 0) this.#flush(this.#functions > 0 ? '' : ';');
      else if (this.#afterHereDoc) this.#afterHereDoc = false;
      else this.text += ';';
      this.text += this.#functions > 0 ? '\n' : ' ';
      if (this.#functions === 0) this.#skipIndent++;
    });
    this.#flush('');
    this.#lists--;
  }

  statement(node: Statement['command']): void {
    if (node.type === 'AndOr') {
      this.#lists++;
      node.commands.forEach((command, i) => {
        if (i > 0) this.#flush(` ${node.operators[i - 1]} `);
        if (i > 0) this.#skipIndent++;
        this.#pipeline(command);
      });
      this.#flush('');
      this.#lists--;
    } else this.#pipeline(node);
  }

  #pipeline(node: PipelineNode): void {
    if (node.type !== 'Pipeline') {
      this.command(node);
      return;
    }
    this.#prefixed(node);
  }

  #prefixed(node: Pipeline): void {
    this.#indent();
    for (const prefix of node.prefixes) {
      if (prefix.type === 'Time') this.text += prefix.posix ? 'time -p ' : 'time ';
      else this.text += '! ';
    }
    if (node.commands.length === 0) return;
    if (node.commands.length > 1) this.#lists++;
    node.commands.forEach((command, i) => {
      this.#skipIndent++;
      this.command(command, node.operators[i] === '|&');
      if (i < node.commands.length - 1) {
        this.#flush(' |');
        this.text += ' ';
      }
    });
    if (node.commands.length > 1) {
      this.#flush('');
      this.#lists--;
    }
  }

  command(node: CommandNode, errorsToo = false): void {
    this.#indent();
    const inner = node.type === 'Redirected' ? node.command : node;
    const redirects = node.type === 'Redirected' || node.type === 'Command' ? node.redirects : [];
    this.#body(inner);
    if (redirects.length > 0 && !this.text.endsWith(' ') && this.text !== '') this.text += ' ';
    this.#redirections(redirects);
    if (errorsToo) this.text += ' 2>&1';
  }

  #body(node: CommandNode): void {
    switch (node.type) {
      case 'Command':
        this.text += this.#words(node);
        return;
      case 'For':
      case 'Select': {
        const items = node.wordlist?.map((word) => this.#word(word)).join(' ') ?? '"$@"';
        this.text += `${node.type === 'For' ? 'for' : 'select'} ${node.name.text} in ${items};`;
        this.#loop(node.body);
        return;
      }
      case 'ArithmeticFor': {
        const piece = (part: typeof node.test) => (part ? this.#source.slice(part.pos, part.end).trim() : '1');
        this.text += `for ((${piece(node.initialize)}; ${piece(node.test)}; ${piece(node.update)}))`;
        this.#loop(node.body);
        return;
      }
      case 'While':
        this.text += `${node.kind} `;
        this.#skipIndent++;
        this.list(node.clause.commands);
        this.#semicolon();
        this.text += ' do\n';
        this.#within(() => this.list(node.body.commands));
        this.#semicolon();
        this.#newline('done');
        return;
      case 'If':
        this.#conditional(node.clause, node.then, node.elif, node.else);
        return;
      case 'Case':
        this.#case(node);
        return;
      case 'BraceGroup':
        this.#group(node.body);
        return;
      case 'Subshell':
        this.text += '( ';
        this.#skipIndent++;
        this.list(node.body.commands);
        this.text += ' )';
        return;
      case 'TestCommand':
        this.text += `[[ ${this.#test(node.expression)} ]]`;
        return;
      case 'ArithmeticCommand':
        this.text += `((${node.body}))`;
        return;
      case 'Function':
        this.#function(node.name.text, node.body as CommandNode);
        return;
      case 'Coproc':
        this.text += `coproc ${node.name?.text ?? 'COPROC'} `;
        this.#skipIndent++;
        this.command(node.body as CommandNode);
        return;
      case 'Redirected':
        this.command(node);
    }
  }

  #words(node: Command): string {
    const words = [
      ...node.prefix.filter((part) => part.type === 'Assignment').map((part) => part.text),
      ...(node.name ? [this.#word(node.name)] : []),
      ...node.args.map((arg) => (arg.type === 'Word' ? this.#word(arg) : arg.text)),
    ];
    return words.join(' ');
  }

  /** A word as it was written, but for the commands that it substitutes. */
  #word(word: Word): string {
    const found: { pos: number; end: number; text: string }[] = [];
    const visit = (node: SyntaxNode): void => {
      if (node.type === 'CommandExpansion') {
        const { script, text } = node;
        if (!script || !text.startsWith('$(') || script.errors?.length || text.includes('<<')) return;
        const printer = new CommandPrinter(this.#source);
        printer.list(script.commands);
        found.push({ pos: node.pos, end: node.end, text: `$(${printer.text})` });
      } else forEachChild(node, visit);
    };
    if (word.text.includes('$(')) forEachChild(word, visit);
    let text = word.text;
    for (const each of found.reverse()) {
      const from = each.pos - word.pos;
      if (text.slice(from, from + 2) === '$(') text = text.slice(0, from) + each.text + text.slice(each.end - word.pos);
    }
    return text;
  }

  #loop(body: CompoundList): void {
    this.#newline('do\n');
    this.#within(() => {
      this.list(body.commands);
      this.#semicolon();
    });
    this.#newline('done');
  }

  #conditional(clause: CompoundList, then: CompoundList, elif: If['elif'], otherwise: CompoundList | undefined): void {
    this.text += 'if ';
    this.#skipIndent++;
    this.list(clause.commands);
    this.#semicolon();
    this.text += ' then\n';
    this.#within(() => this.list(then.commands));
    const next = elif[0];
    if (next || otherwise) {
      this.#semicolon();
      this.#newline('else\n');
      this.#within(() => {
        if (!next) {
          this.list(otherwise!.commands);
          return;
        }
        this.#indent();
        this.#conditional(next.clause, next.then, elif.slice(1), otherwise);
      });
    }
    this.#semicolon();
    this.#newline('fi');
  }

  #case(node: Case): void {
    this.text += `case ${this.#word(node.word)} in `;
    this.#within(() => {
      for (const item of node.items) {
        this.#newline('');
        this.text += `${item.pattern.map((word) => this.#word(word)).join(' | ')})\n`;
        this.#within(() => this.list(item.body.commands));
        this.#newline(item.terminator ?? ';;');
      }
    });
    this.#newline('esac');
  }

  #group(body: CompoundList): void {
    this.text += '{ ';
    if (this.#functions === 0) {
      this.#skipIndent++;
      this.list(body.commands);
      this.#semicolon();
      this.text += ' }';
      return;
    }
    this.text += '\n';
    this.#within(() => this.list(body.commands));
    this.#newline('}');
  }

  #function(name: string, body: CommandNode): void {
    this.text += `function ${name} () \n${' '.repeat(this.#indentation)}{ \n`;
    this.#functions++;
    this.#within(() => this.functionBody(body));
    this.#functions--;
    this.functionEnd(body);
  }

  /** What stands between the braces. */
  functionBody(body: CommandNode): void {
    const inner = body.type === 'Redirected' ? body.command : body;
    if (inner.type === 'BraceGroup') this.list(inner.body.commands);
    else this.command(body);
  }

  functionEnd(body: CommandNode): void {
    const redirected = body.type === 'Redirected' && body.command.type === 'BraceGroup';
    this.#newline(redirected ? '} ' : '}');
    if (redirected) this.#redirections(body.redirects);
  }

  #test(node: TestExpression): string {
    switch (node.type) {
      case 'TestGroup':
        return `( ${this.#test(node.expression)} )`;
      case 'TestNot':
        return `${node.negations.length % 2 === 1 ? '! ' : ''}${this.#test(node.operand)}`;
      case 'TestLogical':
        return node.operands.map((operand) => this.#test(operand)).join(` ${node.operator} `);
      case 'TestUnary':
        return `${node.operator} ${this.#word(node.operand)}`;
      case 'TestBinary':
        return `${this.#word(node.left)} ${node.operator} ${this.#word(node.right)}`;
    }
  }

  #redirections(redirects: readonly Redirection[]): void {
    if (redirects.length === 0) return;
    const documents = redirects.filter((r): r is HereDoc => r.type === 'HereDoc');
    this.#afterHereDoc = false;
    this.text += redirects.map((r) => (r.type === 'HereDoc' ? '' : this.#redirection(r))).join(' ');
    if (documents.length === 0) return;
    if (this.#lists > 0) {
      // The header comes with the separator that follows.
      this.text = this.text.replace(/ +$/, '');
      this.#waiting = documents;
      return;
    }
    this.text = `${this.text.replace(/ +$/, '')} `;
    for (const document of documents) this.text += `${header(document)}\n${bodyOf(document)}\n`;
    this.#afterHereDoc = true;
  }

  /** Writes the here-documents that wait: their headers, the separator, their bodies. */
  #flush(separator: string): void {
    const documents = this.#waiting;
    this.#waiting = [];
    for (const document of documents) this.text += ` ${header(document)}`;
    if (separator !== ';') this.text += separator;
    if (documents.length === 0) return;
    this.text += '\n';
    for (const document of documents) this.text += `${bodyOf(document)}\n`;
    if (separator !== '' && separator !== ';') this.text += ' ';
    this.#afterHereDoc = true;
  }

  #redirection(redirect: Exclude<Redirection, HereDoc>): string {
    const { operator, descriptor } = redirect;
    const target = redirect.target ? this.#word(redirect.target) : '';
    const named = descriptor?.type === 'FileDescriptorVariable' ? `{${descriptor.name}}` : undefined;
    const number = descriptor?.type === 'FileDescriptor' ? descriptor.value : undefined;
    const standard = operator.startsWith('<') && operator !== '<>' ? 0 : 1;
    const shown = named ?? (number === undefined || number === standard ? '' : `${number}`);
    if (operator === '&>' || operator === '&>>') return `${operator} ${target}`;
    if (operator === '<&' || operator === '>&') {
      const from = named ?? `${number ?? standard}`;
      if (target === '-') return `${from}>&-`;
      if (operator === '>&' && number === undefined && !/^\d+-?$/.test(target)) return `>&${target}`;
      return `${from}${operator}${target}`;
    }
    return `${shown}${operator} ${target}`;
  }
}

const header = (document: HereDoc): string => {
  const { descriptor, delimiter, operator } = document;
  const number = descriptor?.type === 'FileDescriptor' && descriptor.value !== 0 ? `${descriptor.value}` : '';
  const named = descriptor?.type === 'FileDescriptorVariable' ? `{${descriptor.name}}` : number;
  const word = delimiter?.value ?? '';
  return `${named}${operator}${delimiter?.quoted ? singleQuotes(word) : word}`;
};

const bodyOf = (document: HereDoc): string => {
  const text = document.operator === '<<-' ? document.body.text.replace(/^\t+/gm, '') : document.body.text;
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${document.delimiter?.value ?? ''}`;
};

/** A function as `declare -f` and `type` print it, without the newline at its end. `source` is the text its positions belong to. */
export function printFunction(name: string, body: CommandNode, source: string): string {
  const printer = new CommandPrinter(source, { indentation: 4, functions: 1 });
  printer.functionBody(body);
  const end = new CommandPrinter(source, { functions: 1 });
  end.functionEnd(body);
  return `${name} () \n{ \n${printer.text}${end.text}`;
}

/** A function as the environment carries it, in `BASH_FUNC_name%%`. */
export function exportedFunction(body: CommandNode, source: string): string {
  const printer = new CommandPrinter(source, { indentation: 1, step: 0, functions: 1 });
  printer.functionBody(body);
  const end = new CommandPrinter(source, { functions: 1 });
  end.functionEnd(body);
  return `() { ${printer.text}${end.text}`;
}

/** A command in one line as far as it goes, as `jobs` tells it. */
export function printCommand(command: Statement['command'], source: string): string {
  const printer = new CommandPrinter(source);
  printer.statement(command);
  return printer.text;
}

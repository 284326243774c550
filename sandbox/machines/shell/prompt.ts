/** Prompt strings: the backslash escapes of PS1, then parameter and command expansion (bash(1), PROMPTING). */

import type { Task } from '../../sim/task.ts';
import { formatTime } from '../programs/format/time.ts';
import { expandQuotedParts } from './expand/word.ts';
import type { Shell } from './shell.ts';
import { quotedPartsOf } from './syntax.ts';

/** The decoded prompt; `\[` and `\]` leave \x01 and \x02 around what takes no room on the screen. */
export function* expandPrompt(shell: Shell, prompt: string): Task<string> {
  const decoded = prompt.replace(/\\(?:(\d{3})|D\{([^}]*)\}|(.))/gs, (whole, octal, format, letter) => {
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    if (format !== undefined) return formatTime(format === '' ? '%X' : format, shell.process.now());
    return escapeOf(shell, letter) ?? whole;
  });
  if (!/[$`\\]/.test(decoded)) return decoded;
  const status = shell.status;
  const text = yield* expandQuotedParts(shell, quotedPartsOf(decoded.replace(/"/g, '\\"')));
  shell.status = status;
  return text;
}

function escapeOf(shell: Shell, letter: string): string | undefined {
  const host = shell.hostname;
  const now = shell.process.now();
  switch (letter) {
    case 'u':
      return shell.userName;
    case 'h':
      return host.split('.')[0]!;
    case 'H':
      return host;
    case 'w':
      return homeRelative(shell);
    case 'W': {
      const path = homeRelative(shell);
      return path === '~' || path === '/' ? path : path.slice(path.lastIndexOf('/') + 1);
    }
    case '$':
      return shell.process.uid === 0 ? '#' : '\\$';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'a':
      return '\x07';
    case 'e':
      return '\x1b';
    case '[':
      return '\x01';
    case ']':
      return '\x02';
    case '\\':
      return '\\\\';
    case 's':
      return shell.name.slice(shell.name.lastIndexOf('/') + 1).replace(/^-/, '');
    case 'v':
      return '5.2';
    case 'V':
      return '5.2.15';
    case 'j':
      return String(shell.jobs.list.length);
    case 'l':
      return shell.process.tty?.name.replace(/^.*\//, '') ?? 'tty';
    case '!':
      return String(shell.history.length + 1);
    case '#':
      return String(shell.commandNumber);
    case 't':
      return formatTime('%H:%M:%S', now);
    case 'T':
      return formatTime('%I:%M:%S', now);
    case '@':
      return formatTime('%I:%M %p', now);
    case 'A':
      return formatTime('%H:%M', now);
    case 'd':
      return formatTime('%a %b %d', now);
    default:
      return undefined;
  }
}

function homeRelative(shell: Shell): string {
  const cwd = shell.variables.get('PWD') ?? shell.process.cwd;
  const home = shell.variables.get('HOME');
  if (!home || home === '/') return cwd;
  if (cwd === home) return '~';
  return cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd;
}

/** Opens a text in the user's editor: $KUBE_EDITOR, $EDITOR or vi (kubectl pkg/cmd/util/editor/editor.go). */

import type { Task } from '../../sim/task.ts';
import { CommandError } from '../cli/errors.ts';
import type { Session } from '../session.ts';
import { decode } from '../text.ts';

export interface Edited {
  readonly text: string;
  readonly file: string;
}

export function* editText(session: Session, text: string, extension: string): Task<Edited> {
  const { environment } = session;
  const file = `${environment.env.get('TMPDIR') || '/tmp'}/kubectl-edit-${environment.randomName()}${extension}`;
  yield* environment.files.write(file, text, 0o600);
  const { argv, name } = editorOf(environment.env, file);
  const status = yield* environment.run(argv);
  if (status === 127) throw new CommandError(`unable to launch the editor ${JSON.stringify(name)}`);
  if (status !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(name)}`);
  return { text: decode(yield* environment.files.read(file)), file };
}

function editorOf(env: ReadonlyMap<string, string>, file: string): { argv: string[]; name: string } {
  const editor = env.get('KUBE_EDITOR') || env.get('EDITOR') || 'vi';
  if (!/["'\\]/.test(editor)) return { argv: [...editor.split(' ').filter(Boolean), file], name: editor };
  const shell = env.get('SHELL') || '/bin/bash';
  return { argv: [shell, '-c', `${editor} "${file}"`], name: editor };
}

/** Lines without comments and blank ends, for comparing. */
export const stripComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .trim();

/** cmdutil.ManualStrip: comments and blank lines out, the rest as it was. */
export const manualStrip = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map((line) => `${line}\n`)
    .join('');

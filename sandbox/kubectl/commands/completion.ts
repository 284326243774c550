/** `kubectl completion`: the scripts that shells source (kubectl pkg/cmd/completion); loaded when asked for. */

import { part } from '../../sim/parts.ts';
import type { Command } from '../cli/command.ts';
import { quote } from '../text.ts';

const loadScripts = part('kubectl/completion', () => import('../completion/generated/scripts.ts'));

export const completion: Command = {
  name: 'completion',
  *run(session) {
    const [shell, ...more] = session.args;
    if (shell === undefined) throw session.usage('Shell not specified.');
    if (more.length > 0) throw session.usage('Too many arguments. Expected only the shell type.');
    const { scripts } = yield* session.environment.load(loadScripts);
    const script = scripts[shell];
    if (script === undefined) throw session.usage(`Unsupported shell type ${quote(shell)}.`);
    yield* session.out(script);
  },
};

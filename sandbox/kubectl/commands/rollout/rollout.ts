/** `kubectl rollout` (kubectl pkg/cmd/rollout). */

import type { Command } from '../../cli/command.ts';
import { pause, restart, resume } from './change.ts';
import { history } from './history.ts';
import { status } from './status.ts';
import { undo } from './undo.ts';

export const rollout: Command = { name: 'rollout', commands: [history, pause, resume, undo, status, restart] };

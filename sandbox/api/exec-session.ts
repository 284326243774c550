/** How a session of exec or attach begins and ends, whoever serves it. */

import { Channel } from '../sim/channel.ts';
import type { ExecSession } from './http.ts';

export const newSession = (): ExecSession => ({
  stdin: new Channel(),
  stdout: new Channel(),
  stderr: new Channel(),
  resize: new Channel(),
  done: new Channel(),
});

export function finish(session: ExecSession, result: { exitCode?: number; error?: string }): void {
  session.stdout.close();
  session.stderr.close();
  session.done.push(result);
  session.done.close();
}

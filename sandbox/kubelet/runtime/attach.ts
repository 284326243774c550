/** Attaching to a container's first process: its output from now on, and its input if it takes any. */

import { finish, newSession } from '../../api/exec-session.ts';
import type { ExecSession, ExecStreams } from '../../api/http.ts';
import { Coroutine } from '../../sim/task.ts';
import type { Container } from './container.ts';
import type { Runtime } from './containerd.ts';
import { connectKeyboard, feed } from './exec.ts';

export function attach(runtime: Runtime, container: Container, streams: ExecStreams): ExecSession {
  const session = newSession();
  const { clock } = runtime.machine;
  const detach = [
    container.stdout.attach((data) => streams.stdout && session.stdout.push(data.slice())),
    container.stderr.attach((data) => streams.stderr && session.stderr.push(data.slice())),
  ];
  const leave = () => {
    for (const fn of detach) fn();
  };
  session.stdout.onCancel = leave;
  if (streams.stdin && container.terminal) connectKeyboard(runtime, session, container.terminal);
  else if (streams.stdin && container.input) new Coroutine(clock, feed(session.stdin, container.input));
  // The runtime's answer to Attach has no exit code: that it ended is success (containerd internal/cri/server/container_attach.go).
  container.init?.whenDone(() => {
    leave();
    finish(session, { exitCode: 0 });
  });
  return session;
}

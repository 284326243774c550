/** The sandbox as a Node process in a WebContainer: the same bundle, the same protocol, framed over its standard streams. */

import { frame, unframe } from '../../sandbox/channel/framing.ts';
import { theContainer } from './host/container.ts';
import { HostFailure, within } from './host/failure.ts';
import { PROGRAM } from './host/home.ts';
import { pump } from './host/pump.ts';
import { type Boot, connect } from './sandbox.ts';

/** For the process's first answer (milliseconds). */
const ANSWER_LIMIT = 20_000;
/** How much of what is no message is kept to tell why a process died. */
const LAST_WORDS = 2_000;

/** Resolves when the process has answered: a session is handed to nothing less. */
export const bootWebContainer: Boot = async ({ page, onFailure }) => {
  const container = await theContainer();
  const child = await container.spawn('node', [PROGRAM]);
  const input = child.input.getWriter();
  let lastWords = '';
  const ended = child.exit.then(
    (code) => {
      const words = lastWords.trim();
      return new HostFailure('died', `the sandbox's process ended with exit code ${code}${words && `:\n${words}`}`);
    },
    (error) => new HostFailure('died', `the WebContainer lost the sandbox's process: ${error}`),
  );
  const sandbox = connect(
    'webcontainer',
    page,
    {
      post: (message) => input.write(frame(message)),
      on: (listener) => {
        const take = unframe(listener);
        const heard = (text: string) => {
          if (!text.includes('\x1e')) lastWords = (lastWords + text).slice(-LAST_WORDS);
          take(text);
        };
        // A broken stream ends with its process, and `exit` tells of that.
        void pump(child.output, heard).catch(() => undefined);
      },
    },
    () => child.kill(),
  );
  const silent = () =>
    new HostFailure('silent', `the sandbox's process did not answer within ${ANSWER_LIMIT / 1_000} s`);
  try {
    const answered = sandbox.functions.pulse();
    const died = ended.then((failure) => Promise.reject(failure));
    // One of the two always comes too late for the race.
    died.catch(() => undefined);
    answered.catch(() => undefined);
    await within(ANSWER_LIMIT, Promise.race([answered, died]), silent);
  } catch (error) {
    sandbox.close();
    throw error;
  }
  void ended.then(onFailure);
  return sandbox;
};

/** The sandbox as a Node process (in a WebContainer, or anywhere): the channel over stdin and stdout. */

import { frame, unframe } from '../channel/framing.ts';
import { answerChannel } from './answer-channel.ts';
import { nodeTimers } from './node-timers.ts';

process.stdin.setEncoding('utf8');
answerChannel(
  {
    post: (message) => process.stdout.write(frame(message)),
    on: (listener) => process.stdin.on('data', unframe(listener)),
  },
  nodeTimers,
);
// The page's end of the stream is the end of the session.
process.stdin.on('end', () => process.exit(0));

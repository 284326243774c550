/** The sandbox as a Node process (in a WebContainer, or anywhere): the channel over stdin and stdout. */

import { createServer } from 'node:http';
import { frame, unframe } from '../channel/framing.ts';
import { answerChannel } from './answer-channel.ts';
import { httpListener } from './http-listener.ts';
import { nodeTimers } from './node-timers.ts';

process.stdin.setEncoding('utf8');
const sandbox = answerChannel(
  {
    post: (message) => process.stdout.write(frame(message)),
    on: (listener) => process.stdin.on('data', unframe(listener)),
  },
  nodeTimers,
);
// The page's end of the stream is the end of the session.
process.stdin.on('end', () => process.exit(0));

/** The API server's own port: a learner's program in the same WebContainer can talk to the cluster. */
const API_PORT = 6443;

const api = createServer((incoming, outgoing) => {
  const world = sandbox.served;
  if (world) httpListener(world)(incoming, outgoing);
  else outgoing.writeHead(503).end();
});
// Somebody else has the port: then the terminals are all there is.
api.on('error', () => api.close());
api.listen(API_PORT, '127.0.0.1');

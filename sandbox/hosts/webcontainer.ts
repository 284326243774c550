/** The sandbox as a Node process (in a WebContainer, or anywhere): the channel over stdin and stdout, the cluster's API on a port. */

import { createServer, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { frame, unframe } from '../channel/framing.ts';
import { answerChannel } from './answer-channel.ts';
import { httpListener } from './http-listener.ts';
import { hostTimers } from './timers.ts';
import { upgradeListener } from './upgrade-listener.ts';

/** The API server's own port: a learner's program in the same WebContainer talks to the cluster there. */
const API_PORT = Number(process.env.BOUND_API_PORT ?? 6443);

/** On a terminal, the line discipline would cut long messages and echo them. */
if (process.stdin.isTTY) process.stdin.setRawMode(true);
process.stdin.setEncoding('utf8');
const sandbox = answerChannel(
  {
    post: (message) => process.stdout.write(frame(message)),
    on: (listener) => process.stdin.on('data', unframe(listener)),
  },
  hostTimers,
  hangUp,
);
// The page's end of the stream is the end of the session.
process.stdin.on('end', () => process.exit(0));

/** Answers that have not ended, and connections that became streams. */
const watches = new Set<ServerResponse>();
const streams = new Set<Duplex>();

/** Those of a world that is no more would stay silent for ever: their clients begin anew. */
function hangUp(): void {
  for (const watch of watches) watch.end();
  for (const stream of streams) stream.destroy();
}

const api = createServer((incoming, outgoing) => {
  const world = sandbox.served;
  watches.add(outgoing);
  outgoing.on('close', () => watches.delete(outgoing));
  if (world) httpListener(world)(incoming, outgoing);
  else outgoing.writeHead(503, { 'retry-after': '1' }).end();
});
api.on('upgrade', (incoming, socket, head) => {
  const world = sandbox.served;
  streams.add(socket);
  socket.on('close', () => streams.delete(socket));
  if (world) upgradeListener(world)(incoming, socket, head);
  else socket.destroy();
});
// Somebody else has the port: then the terminals are all there is.
api.on('error', () => api.close());
api.listen(API_PORT, '127.0.0.1');

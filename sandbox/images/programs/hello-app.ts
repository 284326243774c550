/** Google's hello-app sample: answers every request with its host name. */

import { KernelProcess } from '../../machines/kernel/process.ts';
import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
import { Listening, readRequest, slashDate } from './waiting.ts';

export function* helloApp(process: Process): Task<number> {
  const port = Number(process.env.get('PORT') ?? 8080);
  yield* process.error(`${slashDate(process.now())} Server listening on port ${port}\n`);
  const listening = new Listening(process, port);
  try {
    for (
      let connection = yield* listening.connections.next();
      connection;
      connection = yield* listening.connections.next()
    ) {
      const request = yield* readRequest(connection);
      if (!request) continue;
      const hostname = process instanceof KernelProcess ? process.hostname : process.machine.hostname;
      const body = `Hello, world!\nVersion: 1.0.0\nHostname: ${hostname}\n`;
      connection.send.push(
        new TextEncoder().encode(
          `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${body}`,
        ),
      );
      connection.send.close();
      yield* process.error(`${slashDate(process.now())} Serving request: ${request.path}\n`);
    }
    return 0;
  } finally {
    listening.close();
  }
}

/** Apache httpd: its start-up log, files from htdocs, a common-format access log. */

import { Errno } from '../../machines/errno.ts';
import type { Connection } from '../../machines/network/network.ts';
import type { Process } from '../../machines/process.ts';
import { ownAddress } from '../../machines/system-programs/kernel-access.ts';
import type { Task } from '../../sim/task.ts';
import { RELEASES } from '../releases.ts';
import { httpDate, Listening, logDate, readRequest, signals, typeOf } from './waiting.ts';

const ROOT = '/usr/local/apache2/htdocs';
const serverOf = (process: Process): string => `Apache/${process.env.get('HTTPD_VERSION') ?? RELEASES.httpd} (Unix)`;

/** When the lab's build of it was made; the real images differ with each build. */
const BUILT = 'Sep 12 2025 14:49:08';

export function* httpd(process: Process, argv: readonly string[]): Task<number> {
  if (argv[1] === '-v') {
    yield* process.print(`Server version: ${serverOf(process)}\nServer built:   ${BUILT}\n`);
    return 0;
  }
  const stop = signals(process, 'SIGTERM', 'SIGINT', 'SIGWINCH');
  const stamp = () => {
    const [day, date, month, year, time] = new Date(process.now()).toUTCString().replace(',', '').split(' ');
    return `[${day} ${month} ${date} ${time}.${String(process.now() % 1000).padStart(3, '0')}412 ${year}]`;
  };
  const ip = ownAddress(process);
  const warning = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${ip}. Set the 'ServerName' directive globally to suppress this message\n`;
  yield* process.error(
    `${warning}${warning}${stamp()} [mpm_event:notice] [pid ${process.pid}:tid ${process.pid}] AH00489: ${serverOf(process)} configured -- resuming normal operations\n${stamp()} [core:notice] [pid ${process.pid}:tid ${process.pid}] AH00094: Command line: 'httpd -D FOREGROUND'\n`,
  );
  const listening = new Listening(process, 80);
  try {
    const signal = yield* listening.until(stop, (connection) => serve(process, connection));
    const [code, text] =
      signal === 'SIGWINCH'
        ? ['AH00492', 'caught SIGWINCH, shutting down gracefully']
        : ['AH00491', 'caught SIGTERM, shutting down'];
    yield* process.error(`${stamp()} [mpm_event:notice] [pid ${process.pid}:tid ${process.pid}] ${code}: ${text}\n`);
    return 0;
  } finally {
    listening.close();
  }
}

function* serve(process: Process, connection: Connection): Task<void> {
  const request = yield* readRequest(connection);
  if (!request) return;
  const clean = decodeURIComponent(request.path.split('?')[0]!)
    .split('/')
    .filter((part) => part !== '..')
    .join('/');
  const path = `${ROOT}${clean.endsWith('/') ? `${clean}index.html` : clean}`;
  const { status, body } = yield* content(process, path);
  const reason = status === 200 ? 'OK' : 'Not Found';
  const type = status === 200 ? typeOf(path, 'text/plain') : 'text/html; charset=iso-8859-1';
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `Date: ${httpDate(process.now())}`,
    `Server: ${serverOf(process)}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
    `Content-Type: ${type}`,
  ];
  connection.send.push(new TextEncoder().encode(`${head.join('\r\n')}\r\n\r\n`));
  if (request.method !== 'HEAD' && body.length > 0) connection.send.push(body);
  connection.send.close();
  yield* process.print(
    `${connection.peer} - - [${logDate(process.now())}] "${request.method} ${request.path} ${request.version}" ${status} ${body.length}\n`,
  );
}

function* content(process: Process, path: string): Task<{ status: number; body: Uint8Array }> {
  try {
    return { status: 200, body: yield* process.readFile(path) };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const text =
      '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n';
    return { status: 404, body: new TextEncoder().encode(text) };
  }
}

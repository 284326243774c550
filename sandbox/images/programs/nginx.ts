/** nginx: its start-up log, static files from its document root, an access log, and a graceful end on SIGQUIT. */

import { Errno } from '../../machines/errno.ts';
import { findExecutable } from '../../machines/kernel/execute.ts';
import { commandName, KernelProcess } from '../../machines/kernel/process.ts';
import type { Connection } from '../../machines/network/network.ts';
import type { Process } from '../../machines/process.ts';
import { ownAddress } from '../../machines/system-programs/kernel-access.ts';
import type { Task } from '../../sim/task.ts';
import { RELEASES } from '../releases.ts';
import { httpDate, Listening, logDate, type Request, readRequest, signals, slashDate, typeOf } from './waiting.ts';

/** What its image says; it has no other way to know. */
const versionOf = (process: Process): string => process.env.get('NGINX_VERSION') ?? RELEASES.nginx;
const ROOT = '/usr/share/nginx/html';

/** /docker-entrypoint.sh of the image (nginxinc/docker-nginx), then nginx itself in its place. */
export function* nginxEntrypoint(process: Process, argv: readonly string[]): Task<number> {
  const [, command = 'nginx', ...rest] = argv;
  if (command !== 'nginx' && command !== 'nginx-debug') return yield* runInstead(process, argv.slice(1));
  const script = '/docker-entrypoint.sh';
  const ipv6 = '10-listen-on-ipv6-by-default.sh';
  yield* process.print(
    [
      `${script}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration`,
      `${script}: Looking for shell scripts in /docker-entrypoint.d/`,
      `${script}: Launching /docker-entrypoint.d/${ipv6}`,
      `${ipv6}: info: Getting the checksum of /etc/nginx/conf.d/default.conf`,
      `${ipv6}: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf`,
      `${script}: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`,
      `${script}: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`,
      `${script}: Launching /docker-entrypoint.d/30-tune-worker-processes.sh`,
      `${script}: Configuration complete; ready for start up`,
      '',
    ].join('\n'),
  );
  return yield* nginx(process, ['nginx', ...rest]);
}

export function* nginx(process: Process, argv: readonly string[]): Task<number> {
  if (argv.includes('-v')) {
    yield* process.error(`nginx version: nginx/${versionOf(process)}\n`);
    return 0;
  }
  if (argv.includes('-t')) {
    yield* process.error(
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
    );
    return 0;
  }
  entitle(process, `nginx: master process ${argv.join(' ')}`);
  const port = yield* configuredPort(process);
  const stop = signals(process, 'SIGQUIT', 'SIGTERM', 'SIGINT');
  process.trap('SIGWINCH', 'ignore');
  process.trap('SIGHUP', () => {});
  const notices = (...texts: readonly string[]) => {
    const head = `${slashDate(process.now())} [notice] ${process.pid}#${process.pid}: `;
    return texts.map((text) => `${head}${text}\n`).join('');
  };
  yield* process.error(
    notices(
      'using the "epoll" event method',
      `nginx/${versionOf(process)}`,
      'built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) ',
      'OS: Linux 6.1.0-37-amd64',
      'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
      'start worker processes',
      'start worker process 29',
      'start worker process 30',
    ),
  );
  const listening = new Listening(process, port);
  try {
    const signal = yield* listening.until(stop, (connection) => serve(process, connection));
    return yield* shutDown(process, signal === 'SIGQUIT', notices);
  } finally {
    listening.close();
  }
}

/** setproctitle: what ps(1) shows. */
function entitle(process: Process, title: string): void {
  if (!(process instanceof KernelProcess)) return;
  process.argv = [title];
  process.command = 'nginx';
}

function* shutDown(
  process: Process,
  graceful: boolean,
  notices: (...texts: readonly string[]) => string,
): Task<number> {
  const signal = graceful ? '3 (SIGQUIT) received, shutting down' : '15 (SIGTERM) received, exiting';
  yield* process.error(notices(`signal ${signal}`, graceful ? 'gracefully shutting down' : 'exiting', 'exit'));
  return 0;
}

/** The first `listen` of the server configuration. */
function* configuredPort(process: Process): Task<number> {
  try {
    const text = yield* process.readText('/etc/nginx/conf.d/default.conf');
    return Number(/^\s*listen\s+(?:[\d.]+:)?(\d+)/m.exec(text)?.[1] ?? 80);
  } catch (error) {
    if (error instanceof Errno) return 80;
    throw error;
  }
}

function* serve(process: Process, connection: Connection): Task<void> {
  const request = yield* readRequest(connection);
  if (!request) return;
  const { status, body, type, modified } = yield* answer(process, request);
  const reason = REASONS[status]!;
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `Server: nginx/${versionOf(process)}`,
    `Date: ${httpDate(process.now())}`,
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
    ...(modified === undefined ? [] : [`Last-Modified: ${httpDate(modified)}`]),
    'Connection: close',
    ...(modified === undefined
      ? []
      : [`ETag: "${Math.floor(modified / 1000).toString(16)}-${body.length.toString(16)}"`, 'Accept-Ranges: bytes']),
  ];
  connection.send.push(new TextEncoder().encode(`${head.join('\r\n')}\r\n\r\n`));
  if (request.method !== 'HEAD' && body.length > 0) connection.send.push(body);
  connection.send.close();
  const agent = request.headers.get('user-agent') ?? '-';
  const line = `${request.method} ${request.path} ${request.version}`;
  yield* process.print(
    `${connection.peer} - - [${logDate(process.now())}] "${line}" ${status} ${body.length} "-" "${agent}" "-"\n`,
  );
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
};

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly type: string;
  readonly modified?: number;
}

function* answer(process: Process, request: Request): Task<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return page(process, 405);
  const clean = decodeURIComponent(request.path.split('?')[0]!)
    .split('/')
    .filter((part) => part !== '..')
    .join('/');
  const path = `${ROOT}${clean.endsWith('/') ? `${clean}index.html` : clean}`;
  try {
    const stat = yield* process.stat(path);
    if (stat.type === 'directory') return page(process, 301);
    return {
      status: 200,
      body: yield* process.readFile(path),
      type: typeOf(path, 'application/octet-stream'),
      modified: stat.mtime,
    };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const folder = clean.endsWith('/');
    const status =
      error.code === 'EACCES' || (folder && error.code === 'ENOENT' && (yield* isDirectory(process, `${ROOT}${clean}`)))
        ? 403
        : 404;
    yield* process.error(complaint(process, path, request, status, error));
    return page(process, status);
  }
}

function* isDirectory(process: Process, path: string): Task<boolean> {
  try {
    return (yield* process.stat(path)).type === 'directory';
  } catch {
    return false;
  }
}

function complaint(process: Process, path: string, request: Request, status: number, error: Errno): string {
  const what =
    status === 403
      ? `directory index of "${path.replace(/index\.html$/, '')}" is forbidden`
      : `open() "${path}" failed (2: ${error.message})`;
  return `${slashDate(process.now())} [error] 29#29: *1 ${what}, client: ${ownAddress(process)}, server: localhost, request: "${request.method} ${request.path} ${request.version}", host: "${request.headers.get('host') ?? ''}"\n`;
}

function page(process: Process, status: number): Answer {
  const title = `${status} ${REASONS[status]}`;
  const text = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${versionOf(process)}</center>\r\n</body>\r\n</html>\r\n`;
  return { status, body: new TextEncoder().encode(text), type: 'text/html' };
}

/** `exec "$@"` of an entrypoint: the process becomes the other program (execve(2)). */
export function* runInstead(process: Process, argv: readonly string[]): Task<number> {
  const name = argv[0] ?? '';
  const path = yield* which(process, name);
  if (path === undefined || !(process instanceof KernelProcess)) {
    yield* process.error(`${process.argv[0] ?? 'sh'}: exec: ${name}: not found\n`);
    return 127;
  }
  const { program, argv: actual } = yield* findExecutable(process, process.view, path, argv);
  process.argv = actual;
  process.command = commandName(path);
  return yield* program(process, actual);
}

function* which(process: Process, name: string): Task<string | undefined> {
  if (name.includes('/')) return name;
  for (const folder of (process.env.get('PATH') ?? '/usr/bin:/bin').split(':')) {
    try {
      yield* process.access(`${folder}/${name}`, { execute: true });
      return `${folder}/${name}`;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }
  return undefined;
}

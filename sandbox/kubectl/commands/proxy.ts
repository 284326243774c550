/** `kubectl proxy`: the API server on a port of this host, with this kubectl's credentials (kubectl pkg/cmd/proxy/proxy.go). */

import { Beside } from '../../sim/beside.ts';
import { Channel } from '../../sim/channel.ts';
import { firstOf, type Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, PlainError } from '../cli/errors.ts';
import type { LocalConnection, LocalListener } from '../environment.ts';
import { type Filter, type ProxyServer, serveConnection } from '../proxy/server.ts';
import type { Session } from '../session.ts';

const DEFAULT_PORT = 8001;

export const proxy: Command = {
  name: 'proxy',
  flags:
    "accept-hosts='^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$' accept-paths='^.*' address='127.0.0.1' api-prefix='/' append-server-path=false disable-filter=false keepalive=0s -p,port=8001 reject-methods='^$' reject-paths='^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach' -u,unix-socket='' -w,www='' -P,www-prefix='/static/'",
  *run(session) {
    const { flags } = session;
    const client = yield* session.client();
    const prefix = flags.string('api-prefix').replace(/\/?$/, '/');
    const warn = (text: string) => session.err(`${session.klog('W', 'proxy.go:183')} ${text}\n`);
    if (flags.bool('disable-filter') && !flags.string('unix-socket'))
      yield* warn('Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious');
    const filter = flags.bool('disable-filter') ? undefined : filterOf(session);
    if (flags.int('port') !== DEFAULT_PORT && flags.string('unix-socket'))
      throw new CommandError('cannot set --unix-socket and --port at the same time');
    for (const flag of ['unix-socket', 'www'])
      if (flags.string(flag)) throw new CommandError(`--${flag} is not supported here`);
    const complain = (text: string) => session.err(`${session.klog('E', 'proxy_server.go:147')} ${text}\n`);
    yield* serve(session, { client, prefix, filter, complain });
  },
};

function filterOf(session: Session): Filter {
  const patterns = (flag: string): RegExp[] => {
    const text = session.flags.string(flag);
    try {
      return text === '' ? [] : text.split(',').map((part) => new RegExp(part));
    } catch (error) {
      const why = (error as Error).message.replace(/^Invalid regular expression: /, '');
      throw new PlainError(
        `${session.klog('F', 'proxy_server.go:88')} Error compiling re: error parsing regexp: ${why}`,
        255,
      );
    }
  };
  return {
    acceptPaths: patterns('accept-paths'),
    rejectPaths: patterns('reject-paths'),
    acceptHosts: patterns('accept-hosts'),
    rejectMethods: patterns('reject-methods'),
  };
}

/** Until somebody ends it. */
function* serve(session: Session, server: ProxyServer): Task<void> {
  const { flags } = session;
  const arrivals = new Channel<LocalConnection>();
  const listener = yield* listenOn(session, arrivals);
  const connections = new Set<Beside<void>>();
  try {
    const address = flags.string('address');
    yield* session.out(`Starting to serve on ${address.includes(':') ? `[${address}]` : address}:${listener.port}\n`);
    for (;;) {
      yield* firstOf(arrivals.readable, ...[...connections].map(({ ready }) => ready));
      for (let arrival = arrivals.take(); arrival; arrival = arrivals.take())
        connections.add(new Beside(serveConnection(server, arrival)));
      for (const connection of connections) {
        connection.advance();
        const { outcome } = connection;
        if (outcome?.status === 'failed') throw outcome.error;
        if (outcome) connections.delete(connection);
      }
    }
  } finally {
    listener.close();
    for (const connection of connections) connection.end();
  }
}

function* listenOn({ environment, flags }: Session, arrivals: Channel<LocalConnection>): Task<LocalListener> {
  const port = flags.int('port');
  if (port < 0 || port > 65_535) throw new CommandError(`listen tcp: address ${port}: invalid port`);
  try {
    return yield* environment.listen(flags.string('address'), port, (connection) => arrivals.push(connection));
  } catch (error) {
    throw new CommandError((error as Error).message.replace(/^listen tcp[46]/, 'listen tcp'));
  }
}

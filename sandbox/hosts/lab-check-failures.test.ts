/** `lab check` where the cluster, the kubeconfig or the command line is wrong: words on one line, no traces, and exit codes. */

import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { called, type Ended, kubeconfigFor, serve } from './check/test-bed.ts';
import { main } from './lab-check.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { openSession } from './opening.ts';

const folder = mkdtempSync(join(tmpdir(), 'bound-check-failures-'));
const servers: (Server & { closeAllConnections?(): void })[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections?.();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

/** What `lab check ARGS` prints and ends with. */
const check = (...args: string[]) => called(main, ...args);

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

let files = 0;
function written(text: string): string {
  const file = join(folder, `kubeconfig-${files++}`);
  writeFileSync(file, text);
  return file;
}

/** A kubeconfig for a server that answers so. */
const answering = async (listener: RequestListener): Promise<string> =>
  written(kubeconfigFor({ server: `http://127.0.0.1:${await listening(createServer(listener))}` }));

const status = (code: number, reason: string, message: string): RequestListener => {
  const body = JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason,
    message,
    code,
  });
  return (_, outgoing) => outgoing.writeHead(code, { 'content-type': 'application/json' }).end(body);
};

const text =
  (body: string): RequestListener =>
  (_, outgoing) =>
    outgoing.end(body);

const asked = (kubeconfig: string, ...more: string[]) => check('--kubeconfig', kubeconfig, ...more, 'claim/create');

describe('a cluster that cannot be asked: one line, exit code 3', () => {
  const unasked = async (ended: Promise<Ended>, why: RegExp | string) => {
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^lab check: the cluster could not be asked: [^\n]+\n$/);
    expect(stderr).toMatch(why);
  };

  test('nobody listens', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((closed) => server.close(closed));
    const address = `127.0.0.1:${port}`;
    const kubeconfig = written(kubeconfigFor({ server: `http://${address}` }));
    await unasked(asked(kubeconfig), `dial tcp ${address}: connect: connection refused`);
  });

  test('nobody of that name', () =>
    unasked(asked(written(kubeconfigFor({ server: 'http://nowhere.invalid:1' }))), 'no such host'));

  test('it takes the request and is silent', async () => {
    const kubeconfig = await answering(() => {});
    await unasked(asked(kubeconfig, '--request-timeout', '200ms'), 'i/o timeout');
  });

  test('it hangs up', async () => {
    await unasked(asked(await answering((incoming) => incoming.socket.destroy())), 'EOF');
  });

  test('it does not know us', async () => {
    const kubeconfig = await answering(status(401, 'Unauthorized', 'Unauthorized'));
    await unasked(asked(kubeconfig), 'Unauthorized');
  });

  test('it lets us see nothing at all', async () => {
    const message = 'User "me" cannot list at the cluster scope';
    await unasked(asked(await answering(status(403, 'Forbidden', message))), message);
  });

  test('it is no API server', async () => {
    await unasked(asked(await answering(text('<html>\n<h1>It works!</h1>\n'))), 'the answer is not JSON');
    await unasked(asked(await answering(text('{"items": [{"metadata"'))), 'the answer is not JSON');
    await unasked(
      asked(await answering(text('{"hello": "world"}'))),
      'the answer is not a list of persistentvolumeclaims',
    );
    await unasked(asked(await answering(text('null'))), 'the answer is not a list of persistentvolumeclaims');
    await unasked(
      asked(await answering(text('{"items": [1, null]}'))),
      'the answer is not a list of persistentvolumeclaims',
    );
    await unasked(
      asked(await answering((_, outgoing) => outgoing.writeHead(502).end('<h1>Bad\nGateway</h1>'))),
      'Gateway',
    );
  });

  test('in Japanese', async () => {
    const kubeconfig = await answering(status(401, 'Unauthorized', 'Unauthorized'));
    const { code, stderr } = await asked(kubeconfig, '--language', 'ja');
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^lab check: クラスタに問い合わせできませんでした: .*\n$/),
    ]);
  });
});

describe('TLS and credentials', () => {
  const [cert, key] = ['crt', 'key'].map((name) =>
    readFileSync(join(import.meta.dirname, `check/testdata/server.${name}`)),
  ) as [Buffer, Buffer];
  const data = (bytes: Buffer) => bytes.toString('base64');

  /** Its lists are empty, for whoever it knows. */
  const secured = async (known: (token: string, certified: boolean) => boolean): Promise<string> => {
    const server = createTls(
      { cert, key, requestCert: true, rejectUnauthorized: false, ca: cert },
      (incoming, outgoing) => {
        const certified = (incoming.socket as unknown as { authorized: boolean }).authorized;
        const token = (incoming.headers.authorization ?? '').replace('Bearer ', '');
        if (!known(token, certified)) return status(401, 'Unauthorized', 'Unauthorized')(incoming, outgoing);
        outgoing.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: {}, items: [] }));
      },
    );
    return `https://127.0.0.1:${await listening(server)}`;
  };
  const anybody = () => true;
  const ca = { 'certificate-authority-data': data(cert) };

  test('an authority that nobody vouches for is refused in words, and known it is asked', async () => {
    const server = await secured(anybody);
    const { code, stderr } = await asked(written(kubeconfigFor({ server })));
    expect([code, stderr]).toEqual([3, expect.stringMatching(/could not be asked: .*self-signed certificate\n$/)]);
    expect(await asked(written(kubeconfigFor({ server, ...ca })))).toMatchObject({ code: 1, stderr: '' });
  });

  test('a token, a client certificate', async () => {
    const token = { server: await secured((given) => given === 'secret'), ...ca };
    expect(await asked(written(kubeconfigFor(token)))).toMatchObject({ code: 3 });
    expect(await asked(written(kubeconfigFor(token, { token: 'secret' })))).toMatchObject({ code: 1, stderr: '' });
    const certified = { server: await secured((_, is) => is), ...ca };
    const user = { 'client-certificate-data': data(cert), 'client-key-data': data(key) };
    expect(await asked(written(kubeconfigFor(certified)))).toMatchObject({ code: 3 });
    expect(await asked(written(kubeconfigFor(certified, user)))).toMatchObject({ code: 1, stderr: '' });
  });

  test('a program that hands out the token, and one that does not', async () => {
    const cluster = { server: await secured((given) => given === 'handed out'), ...ca };
    const program = join(folder, 'login');
    const exec = (body: string, command = program) => {
      writeFileSync(program, `#!/bin/sh\n${body}\n`);
      chmodSync(program, 0o755);
      return written(
        kubeconfigFor(cluster, {
          exec: { command, apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' },
        }),
      );
    };
    const gives = `case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) echo '{"kind":"ExecCredential","status":{"token":"handed out"}}';; esac`;
    expect(await asked(exec(gives))).toMatchObject({ code: 1, stderr: '' });
    const failing: [string, string][] = [
      ['echo "please log in" >&2; exit 3', 'please log in'],
      ['echo hello', 'printed no JSON'],
      ["echo '{}'", 'gave neither a token nor a certificate'],
    ];
    for (const [body, why] of failing) {
      const { code, stderr } = await asked(exec(body));
      expect([code, stderr]).toEqual([3, expect.stringContaining(why)]);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    const none = await asked(exec(gives, '/nowhere/login'));
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('there is no such program here')]);
  });
});

test('a kind that may not be listed makes unknown what rests on it, and only that', async () => {
  const lessons = lessonsFromDisk();
  const start = { lesson: 'claim', step: 'describe' };
  const session = await openSession({ seed: 7, start, language: 'en', lessons, follow: false });
  const served = await serve(session);
  const without = (...kinds: string[]) =>
    answering(async (incoming, outgoing) => {
      const kind = kinds.find((one) => incoming.url!.includes(`/${one}`));
      const message = `${kind} is forbidden: User "me" cannot list resource "${kind}" in API group "" at the cluster scope`;
      if (kind) return status(403, 'Forbidden', message)(incoming, outgoing);
      const answer = await fetch(`${served.url}${incoming.url}`);
      outgoing.writeHead(answer.status).end(await answer.text());
    });
  await served.live(async () => {
    const whole = await asked(await without());
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    expect(whole.stdout).toContain('2 met, 0 not met, 0 that cannot be seen');
    const { code, stdout } = await asked(await without('persistentvolumeclaims'), '--json');
    const { steps, ...counts } = JSON.parse(stdout) as { steps: { checkpoints: Record<string, unknown>[] }[] };
    expect([code, counts]).toEqual([0, expect.objectContaining({ met: 1, notMet: 0, unknown: 1 })]);
    expect(steps[0]!.checkpoints).toEqual([
      expect.objectContaining({
        id: 'claim-bound',
        verdict: 'unknown',
        unseen: [
          expect.objectContaining({
            kind: 'objects',
            text: expect.stringMatching(/^persistentvolumeclaims may not be listed \(.*cannot list/),
          }),
        ],
      }),
      expect.objectContaining({ id: 'volume-bound', verdict: 'met', unseen: [] }),
    ]);
    // Whoever may see one namespace only is shown what is there.
    const own = await answering(async (incoming, outgoing) => {
      if (/\/v1\/persistentvolumeclaims/.test(incoming.url!)) return status(403, 'Forbidden', 'no')(incoming, outgoing);
      const answer = await fetch(`${served.url}${incoming.url}`);
      outgoing.writeHead(answer.status).end(await answer.text());
    });
    const narrowed = await asked(own);
    expect([narrowed.code, narrowed.stdout]).toEqual([
      0,
      expect.stringMatching(/2 met.*\nOnly the namespace default .*: persistentvolumeclaims/),
    ]);
  });
  session.close();
  await served.close();
});

test('containers that nothing can be run in: what is looked for there is unknown, with the reason', async () => {
  const start = { lesson: 'self-healing', step: 'files-remain' };
  const session = await openSession({ seed: 7, start, language: 'en', lessons: lessonsFromDisk(), follow: false });
  const served = await serve(session);
  const forbidden = 'HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n';
  const refusal = JSON.stringify({
    kind: 'Status',
    status: 'Failure',
    reason: 'Forbidden',
    message: 'no pods/exec for you',
    code: 403,
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  const speaking = (speak: (ws: WebSocket) => void) => (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
    sockets.handleUpgrade(incoming, socket as Socket, head, speak);
  const held: Duplex[] = [];
  const ways: [(incoming: IncomingMessage, socket: Duplex, head: Buffer) => unknown, RegExp][] = [
    [(_, socket) => socket.end(`${forbidden}${refusal}`), /no pods\/exec for you/],
    [(_, socket) => socket.destroy(), /EOF|socket hang up/],
    [(_, socket) => held.push(socket.resume().on('error', () => {})), /no answer within 1 s/],
    [speaking((ws) => ws.send(Buffer.from('\x03<h1>rubbish</h1>'))), /<h1>rubbish<\/h1>/],
    [speaking((ws) => ws.close()), /connection closed/],
    [
      speaking((ws) => ws.send(Buffer.from('\x01hello\n'), () => ws.send(Buffer.from('\x03{"status":"Success"}')))),
      /does not answer as one: "hello/,
    ],
    [
      speaking((ws) =>
        ws.send(Buffer.from('\x02sh: not found\n'), () => ws.send(Buffer.from('\x03{"status":"Success"}'))),
      ),
      /sh: not found/,
    ],
  ];
  for (const [upgrade, why] of ways) {
    const server = createServer(async (incoming, outgoing) => {
      const answer = await fetch(`${served.url}${incoming.url}`);
      outgoing.writeHead(answer.status).end(await answer.text());
    }).on('upgrade', upgrade);
    const kubeconfig = written(kubeconfigFor({ server: `http://127.0.0.1:${await listening(server)}` }));
    const args = ['--kubeconfig', kubeconfig, '--request-timeout', '1s', '--json', 'self-healing/files-remain'];
    const { code, stdout, stderr } = await served.live(() => check(...args));
    expect([code, stderr]).toEqual([0, '']);
    const { steps } = JSON.parse(stdout) as { steps: { checkpoints: { verdict: string; unseen: object[] }[] }[] };
    expect(steps[0]!.checkpoints[0]).toMatchObject({
      verdict: 'unknown',
      unseen: expect.arrayContaining([expect.objectContaining({ kind: 'container', why: expect.stringMatching(why) })]),
    });
  }
  // Nothing is left open that would keep the command from ending.
  expect(held.length).toBeGreaterThan(0);
  await expect.poll(() => held.every(({ readableEnded, destroyed }) => readableEnded || destroyed)).toBe(true);
  session.close();
  await served.close();
});

test("lessons of the caller's own, from a folder: checked as the course's are", async () => {
  const content = join(folder, 'content');
  cpSync(join(import.meta.dirname, '../../content/03-claim'), join(content, 'ours'), { recursive: true });
  const lesson = join(content, 'ours/lesson.yaml');
  const change = (from: string, to: string) => writeFileSync(lesson, readFileSync(lesson, 'utf8').replaceAll(from, to));
  change('id: claim\n', 'id: ours\n');
  change('test-claim', 'our-claim');
  const claim = {
    metadata: { name: 'our-claim', namespace: 'default' },
    spec: { volumeName: 'pv0001' },
    status: { phase: 'Bound' },
  };
  const kubeconfig = await answering((incoming, outgoing) => {
    const items = incoming.url!.includes('persistentvolumeclaims') ? [claim] : [];
    outgoing.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: {}, items }));
  });
  const ours = (...args: string[]) => check('--kubeconfig', kubeconfig, '--content', content, '--json', ...args);
  const { code, stdout, stderr } = await ours('ours/create');
  expect([code, stderr]).toEqual([1, '']);
  const { steps } = JSON.parse(stdout) as { steps: { checkpoints: { id: string; verdict: string }[] }[] };
  expect(steps[0]!.checkpoints.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['claim-bound', 'met'],
    ['volume-bound', 'not met'],
  ]);
  expect(await ours('claim')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no lesson "claim" \(there are: ours\)\n$/),
  });
  change('id: ours\n', 'id: "Our own"\n');
  const wrong = await ours('ours');
  expect(wrong).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^lab check: --content: .*lesson\.yaml/),
  });
  expect(wrong.stderr).not.toMatch(/^ +at /m);
  expect(await check('--content', join(folder, 'nowhere'), 'ours')).toMatchObject({ code: 2, stdout: '' });
});

test('a wrong command line or kubeconfig is told in one line, with exit code 2', async () => {
  const good = written(kubeconfigFor({ server: 'http://127.0.0.1:1' }));
  const other = join(folder, 'state.json');
  writeFileSync(other, JSON.stringify({ version: 1, server: 'http://elsewhere', began: {} }));
  const damaged = join(folder, 'damaged.json');
  writeFileSync(damaged, '{"version": 1, "server": 5');
  const mistakes: [string[], RegExp][] = [
    [[], /one lesson is checked: LESSON or LESSON\/STEP/],
    [['claim', 'deployment'], /one lesson is checked/],
    [['nope'], /no lesson "nope" \(there are: /],
    [['claim/nope'], /no step "nope" in lesson "claim"/],
    [['--bogus', 'claim'], /Unknown option '--bogus'/],
    [['--language', 'xx', 'claim'], /--language: no "xx" \(there are: en, ja\)/],
    [['--nfs-host=-oProxyCommand=touch /tmp/x', 'claim'], /--nfs-host: /],
    [['--nfs-host=', 'claim'], /--nfs-host: "" is no USER@HOST/],
    [['--host', 'node01', 'claim'], /--host: "node01" is not NAME=USER@HOST/],
    [['--host', 'node09=root@x', 'claim'], /--host: the lesson has no machine "node09"/],
    [['--kubeconfig', join(folder, 'none'), 'claim'], /stat .*none: no such file or directory/],
    [['--kubeconfig', folder, 'claim'], /is a directory/],
    [['--kubeconfig', written('clusters: ['), 'claim'], /error loading config file/],
    [['--kubeconfig', written('hello'), 'claim'], /error loading config file/],
    [['--kubeconfig', good, '--context', 'other', 'claim'], /context was not found for specified context: other/],
    [['--kubeconfig', good, '--request-timeout', 'soon', 'claim'], /Invalid timeout value/],
    [['--kubeconfig', good, '--state', other, 'claim'], /is of the cluster at http:\/\/elsewhere/],
    [['--kubeconfig', good, '--state', damaged, 'claim'], /damaged.json is not JSON/],
    [['--kubeconfig', good, '--state', good, 'claim'], /is no record of beginnings/],
  ];
  for (const [args, words] of mistakes) {
    const { code, stdout, stderr } = await check(...args);
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).toMatch(/^lab check: [^\n]+\n$/);
    expect(stderr).toMatch(words);
  }
});

/** Clients that write what no client should: each is answered or cut off, and the server is there for the next. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { firstLine, startLab } from './lab-process.ts';
import { requestTarget } from './request-target.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: ReturnType<typeof startLab>;
let url: URL;

beforeAll(async () => {
  server = startLab(['serve']);
  url = new URL((JSON.parse(await firstLine(server)) as { url: string }).url);
});
afterAll(() => void server.kill('SIGKILL'));

/** What comes back for these bytes, until the server hangs up. */
async function sent(text: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  socket.end(text.replaceAll('\n', '\r\n'));
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
  return answer;
}

const get = (target: string) => sent(`GET ${target} HTTP/1.1\nHost: x\nConnection: close\n\n`);
const statusOf = (answer: string) => answer.slice(9, 12);

test('targets of every kind', async () => {
  expect(statusOf(await get('//'))).toBe('404');
  expect(statusOf(await get('//api/v1/pods'))).toBe('404');
  expect(statusOf(await get('/api/v1/pods/%zz'))).toBe('400');
  expect(statusOf(await get('*'))).toBe('400');
  expect(statusOf(await get('http://elsewhere/version'))).toBe('200');
  expect(statusOf(await sent('GARBAGE\n\n'))).toBe('400');
  expect(statusOf(await get('/version'))).toBe('200');
});

test('headers are those of an API server', async () => {
  const answer = await sent('GET /version HTTP/1.1\nHost: x\n\n');
  expect(answer).toMatch(/^audit-id: [-0-9a-f]{36}\r$/im);
  expect(answer).toMatch(/^cache-control: no-cache, private\r$/im);
  expect(answer).not.toMatch(/^(?:connection|keep-alive):/im);
});

test('no namespace between the slashes is every namespace', async () => {
  const list = await get('/api/v1/namespaces//configmaps?fieldSelector=metadata.name%3Dkube-root-ca.crt');
  const namespaces = [...list.matchAll(/"namespace":"([^"]+)"/g)].map(([, name]) => name);
  expect(namespaces).toContain('default');
  expect(namespaces).toContain('kube-system');
});

test('a query is read as Go reads it', () => {
  expect(requestTarget('/a?b=c+d&e&f=%zz&g;h=1&i=%2B%C3%A4=')).toEqual({
    path: '/a',
    query: [
      ['b', 'c d'],
      ['e', ''],
      ['i', '+ä='],
    ],
  });
});

test('a body over 3 MiB is told the limit', async () => {
  const response = await fetch(new URL('/api/v1/namespaces/default/configmaps', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { name: 'big' }, data: { a: 'x'.repeat(3 * 1024 * 1024) } }),
  });
  expect(await response.json()).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Request entity too large: limit is 3145728',
    reason: 'RequestEntityTooLarge',
    code: 413,
  });
});

test('broken frames and sizes end nothing but their session; SIGTERM ends a server with sessions open', async () => {
  const pods = new URL('/api/v1/namespaces/default/pods', url);
  const created = await fetch(pods, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      metadata: { name: 'shell' },
      spec: { containers: [{ name: 'shell', image: 'busybox', command: ['sleep', '1000'] }] },
    }),
  });
  expect(created.status).toBe(201);
  await vi.waitFor(
    async () => {
      const pod = (await (await fetch(`${pods}/shell`)).json()) as { status: { phase: string } };
      expect(pod.status.phase).toBe('Running');
    },
    { timeout: 30_000, interval: 200 },
  );
  const exec = () =>
    new WebSocket(
      `${pods}/shell/exec?command=cat&stdin=true&stdout=true&tty=true`.replace('http', 'ws'),
      'v5.channel.k8s.io',
    );
  const broken = exec();
  await once(broken, 'open');
  broken.send(Buffer.concat([Buffer.of(4), Buffer.from('{Width')]));
  broken.send(Buffer.concat([Buffer.of(4), Buffer.from('{Width}')]));
  // Not masked, as a client's frames must be.
  (broken as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.of(0xff, 0xff));
  await once(broken, 'close');
  const open = exec();
  await once(open, 'open');
  open.on('error', () => {});
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
});

/** `@kubernetes/client-node` and a served pod: logs, exec, attach, port-forward, cp, with the lab's own kubelets. */

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import * as k8s from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { firstLine, startLab } from '../../sandbox/hosts/lab-process.ts';
import { SpdyConnection, type SpdyStream } from '../../sandbox/hosts/spdy/connection.ts';
import { type Served, serve, until } from './served.ts';
import { tunnel } from './tunnel.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const namespace = 'default';
let served: Served;
let core: k8s.CoreV1Api;

beforeAll(async () => {
  served = await serve('--speed', '5');
  core = served.config.makeApiClient(k8s.CoreV1Api);
  const talker = 'i=0; while true; do echo line $i; echo odd $i >&2; i=$((i+1)); sleep 1; done';
  const pods: k8s.V1PodSpec[] = [
    { containers: [{ name: 'web', image: 'nginx', ports: [{ name: 'http', containerPort: 80 }] }] },
    { containers: [{ name: 'talker', image: 'busybox', command: ['sh', '-c', talker] }] },
    { containers: [{ name: 'listener', image: 'busybox', command: ['cat'], stdin: true }] },
  ];
  const names = ['web', 'talker', 'listener'];
  await Promise.all(
    pods.map((spec, i) => core.createNamespacedPod({ namespace, body: { metadata: { name: names[i]! }, spec } })),
  );
  for (const name of names)
    await until(async () => {
      const { status } = await core.readNamespacedPod({ namespace, name });
      return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    });
});
afterAll(() => served?.stop());

/** A stream that keeps what was written to it. */
function sink() {
  const stream = new PassThrough();
  const heard = { stream, text: '' };
  stream.on('data', (data: Buffer) => {
    heard.text += data.toString();
  });
  return heard;
}

/** Runs a command in a container to its end. */
async function exec(pod: string, command: string[], stdin?: PassThrough, tty = false) {
  const [stdout, stderr] = [sink(), sink()];
  const status = await new Promise<k8s.V1Status>((resolve, reject) => {
    new k8s.Exec(served.config)
      .exec(namespace, pod, '', command, stdout.stream, tty ? null : stderr.stream, stdin ?? null, tty, resolve)
      .catch(reject);
  });
  return { stdout: stdout.text, stderr: stderr.text, status };
}

describe('exec', () => {
  test('stdout and stderr apart, and success', async () => {
    const { stdout, stderr, status } = await exec('web', ['sh', '-c', 'echo out; echo err >&2']);
    expect([stdout, stderr, status.status]).toEqual(['out\n', 'err\n', 'Success']);
  });

  test('an exit code comes as a cause', async () => {
    const { status } = await exec('web', ['sh', '-c', 'exit 7']);
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with non-zero exit code: command terminated with exit code 7',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
  });

  test('stdin is piped, and its end is an end', async () => {
    const stdin = new PassThrough();
    stdin.end('c\na\nb\n');
    expect((await exec('web', ['sort'], stdin)).stdout).toBe('a\nb\nc\n');
  });

  test('a terminal: one stream, echo, carriage returns', async () => {
    const stdin = new PassThrough();
    const running = exec('web', ['sh'], stdin, true);
    stdin.write('test -t 0 && echo terminal\r');
    stdin.write('exit 3\r');
    const { stdout, status } = await running;
    expect(stdout).toContain('\r\nterminal\r\n');
    expect(stdout).toContain('exit 3\r\n');
    expect(status.details!.causes).toEqual([{ reason: 'ExitCode', message: '3' }]);
  });

  test('what cannot be run says why', async () => {
    const { status } = await exec('web', ['no-such-program']);
    expect(status.status).toBe('Failure');
    // Once by the kubelet, once by the API server's translator.
    expect(status.message).toMatch(/^Internal error occurred: Internal error occurred: error executing command/);
    expect(status.message).toMatch(/exec: "no-such-program": executable file not found in \$PATH/);
  });

  test('a pod that is not there, a container that is not there', async () => {
    await expect(exec('nowhere', ['ls'])).rejects.toMatchObject({ message: /404/ });
    const wrong = new k8s.Exec(served.config).exec(namespace, 'web', 'db', 'ls', null, null, null, false);
    await expect(wrong).rejects.toMatchObject({ message: /400/ });
  });
});

test('logs: the last lines, with times, and followed', async () => {
  const log = new k8s.Log(served.config);
  const read = async (options: k8s.LogOptions) => {
    const heard = sink();
    const ended = once(heard.stream, 'finish');
    await log.log(namespace, 'talker', 'talker', heard.stream, options);
    await ended;
    return heard.text;
  };
  expect(await read({ tailLines: 2 })).toMatch(/^(line|odd) \d+\n(line|odd) \d+\n$/);
  expect(await read({ tailLines: 1, timestamps: true })).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (line|odd) \d+\n$/);
  const followed = await read({ follow: true, limitBytes: 60 });
  expect(followed).toHaveLength(60);
  const numbers = [...followed.matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
  expect(numbers.length).toBeGreaterThan(2);
  expect(numbers).toEqual(numbers.map((_, i) => i));
});

test('attach hears the first process and speaks to it', async () => {
  const heard = sink();
  const stdin = new PassThrough();
  const ws = await new k8s.Attach(served.config).attach(
    namespace,
    'listener',
    'listener',
    heard.stream,
    null,
    stdin,
    false,
  );
  stdin.write('hello\n');
  await until(() => heard.text === 'hello\n');
  ws.close();
});

describe('port-forward', () => {
  const forward = async (pod: string, port: number) => {
    const [output, error, input] = [sink(), sink(), new PassThrough()];
    const ws = await new k8s.PortForward(served.config).portForward(
      namespace,
      pod,
      [port],
      output.stream,
      error.stream,
      input,
    );
    return { output, error, input, ws };
  };

  test('bytes to and from a port of the pod', async () => {
    const { output, input, ws } = await forward('web', 80);
    input.write('GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n');
    await until(() => output.text.includes('</html>'));
    expect(output.text).toMatch(/^HTTP\/1.1 200 OK\r\nServer: nginx/);
    (ws as { close(): void }).close();
  });

  test('a port nobody listens on', async () => {
    const { error } = await forward('web', 81);
    await until(() => error.text !== '');
    expect(error.text).toMatch(
      /^error forwarding port 81 to pod [0-9a-f]{64}, uid : failed to execute portforward in network namespace .* dial tcp4 127\.0\.0\.1:81: connect: connection refused /,
    );
  });

  const requestText = 'GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n';

  /** One connection as kubectl makes it: a stream for errors, one for data, under one request ID. */
  const connection = async (spdy: SpdyConnection, port: number, requestId: number) => {
    const open = (type: string) =>
      spdy.open(
        new Map([
          ['streamtype', type],
          ['port', String(port)],
          ['requestid', String(requestId)],
        ]),
      );
    const [error, data] = [open('error'), open('data')];
    error.end();
    const heard = (stream: SpdyStream) =>
      new Promise<string>((done) => {
        let all = '';
        stream.listen((bytes) => {
          if (bytes) all += bytes.toString();
          else done(all);
        });
      });
    data.write(Buffer.from(requestText));
    return { data: await heard(data), error: await heard(error) };
  };

  test('as kubectl speaks it: SPDY inside a WebSocket, many connections through one', async () => {
    const { stream, protocol } = await tunnel(`${served.url}/api/v1/namespaces/${namespace}/pods/web/portforward`);
    expect(protocol).toBe('SPDY/3.1+portforward.k8s.io');
    const spdy = new SpdyConnection(stream);
    const answers = await Promise.all([80, 80, 81].map((port, i) => connection(spdy, port, i)));
    for (const { data, error } of answers.slice(0, 2)) {
      expect(data).toMatch(/^HTTP\/1.1 200 OK.*<\/html>/s);
      expect(error).toBe('');
    }
    expect(answers[2]!.data).toBe('');
    expect(answers[2]!.error).toMatch(/^error forwarding port 81 to pod [0-9a-f]{64}, uid : .*connection refused/);
    spdy.close();
  });

  test('lab kubectl listens on a port of this machine, and Ctrl-C is no failure', async () => {
    const kubectl = startLab(['kubectl', '--kubeconfig', served.kubeconfig, 'port-forward', 'pod/web', ':80']);
    const port = /^Forwarding from 127\.0\.0\.1:(\d+) -> 80$/.exec(await firstLine(kubectl))![1];
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('Welcome to nginx!');
    kubectl.kill('SIGINT');
    expect(await once(kubectl, 'exit')).toEqual([0, null]);
  });

  test('a service leads to its pod', async () => {
    await core.patchNamespacedPod(
      { namespace, name: 'web', body: { metadata: { labels: { app: 'web' } } } },
      k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch),
    );
    await core.createNamespacedService({
      namespace,
      body: { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
    });
    const [output, input] = [sink(), new PassThrough()];
    await new k8s.PortForward(served.config).portForwardService(namespace, 'web', [80], output.stream, null, input);
    input.write('HEAD / HTTP/1.0\r\n\r\n');
    await until(() => output.text.includes('\r\n\r\n'));
    expect(output.text).toMatch(/^HTTP\/1.1 200 OK/);
  });
});

test('cp, both ways', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bound-cp-'));
  try {
    writeFileSync(join(folder, 'note.txt'), 'from outside\n');
    const cp = new k8s.Cp(served.config);
    await cp.cpToPod(namespace, 'web', 'web', folder, '/tmp');
    await until(async () => (await exec('web', ['cat', '/tmp/note.txt'])).stdout === 'from outside\n');
    await exec('web', ['sh', '-c', 'mkdir -p /tmp/back && echo from inside > /tmp/back/answer.txt']);
    await cp.cpFromPod(namespace, 'web', 'web', 'back', folder, '/tmp');
    await until(() => {
      try {
        return readFileSync(join(folder, 'back/answer.txt'), 'utf8') === 'from inside\n';
      } catch {
        return false;
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

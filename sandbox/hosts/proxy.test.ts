/** `kubectl proxy` as a learner uses it, on the lab's own machines. */

import { expect, test } from 'vitest';
import { script } from './lab-process.ts';

test('the API server on a port of this machine, until it is ended', async () => {
  const answers = await script([
    {
      host: 'master01',
      run: 'kubectl proxy > /tmp/out & sleep 1; cat /tmp/out; curl -s localhost:8001/version | head -3',
    },
    { host: 'master01', run: 'kubectl proxy' },
    { host: 'master01', run: 'curl -s localhost:8001/api/v1/namespaces/default/pods/nope' },
    { host: 'master01', run: 'curl -s localhost:8001/api/v1/namespaces/default/pods/x/exec' },
    { host: 'master01', run: 'curl -s -H "Host: elsewhere" localhost:8001/version' },
    {
      host: 'master01',
      run: `curl -s -X POST -H 'Content-Type: application/json' -d '{"metadata":{"name":"made"}}' localhost:8001/api/v1/namespaces/default/configmaps > /dev/null; kubectl get cm made -o name`,
    },
    { host: 'node01', run: 'curl -sS master01:8001' },
    { host: 'master01', run: 'kill $(pgrep kubectl); sleep 1; curl -sS localhost:8001' },
  ]);
  const out = answers.map(({ stdout }) => stdout);
  expect(out[0]).toBe('Starting to serve on 127.0.0.1:8001\n{\n  "major": "1",\n  "minor": "36",\n');
  expect(answers[1]!.stderr).toBe('error: listen tcp 127.0.0.1:8001: bind: address already in use\n');
  expect(out[2]).toContain('"message": "pods \\"nope\\" not found"');
  expect(out[3]).toBe('Forbidden\n');
  expect(out[4]).toBe('Forbidden\n');
  expect(out[5]).toBe('configmap/made\n');
  // It listens on the loopback only.
  expect(answers[6]!.exitCode).not.toBe(0);
  expect(answers[7]!.stderr).toContain('Failed to connect to localhost port 8001');
}, 60_000);

/** `kubectl port-forward` and `kubectl cp` as a learner uses them, on the lab's own machines. */

import { expect, test } from 'vitest';
import { script } from './lab-process.ts';

const out = (answers: readonly Record<string, unknown>[], i: number) => [answers[i]!.stdout, answers[i]!.stderr];

test('a port of this machine leads to the pod, until Ctrl-C', async () => {
  const answers = await script([
    {
      host: 'master01',
      run: 'kubectl run web --image=nginx --port=80; kubectl expose pod web --port=8080 --target-port=80',
    },
    { host: 'master01', run: 'kubectl wait --for=condition=Ready pod/web --timeout=60s' },
    {
      host: 'master01',
      run: '(kubectl port-forward svc/web 8888:8080; echo $?) > /tmp/out & sleep 2; curl -s localhost:8888 | head -4',
    },
    { host: 'master01', run: 'kubectl port-forward pod/web 8888:80; echo $?' },
    { host: 'node01', run: 'curl -sS master01:8888' },
    { host: 'master01', run: 'kill -INT $(pgrep kubectl); sleep 1; cat /tmp/out; curl -sS localhost:8888' },
  ]);
  expect(out(answers, 2)[0]).toBe('<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n');
  expect(out(answers, 3)).toEqual([
    '1\n',
    'Unable to listen on port 8888: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 127.0.0.1:8888: bind: address already in use unable to create listener: Error listen tcp6 [::1]:8888: bind: address already in use]\nerror: unable to listen on any of the requested ports: [{8888 80}]\n',
  ]);
  // It listens on the loopback only.
  expect(answers[4]!.exitCode).not.toBe(0);
  expect(out(answers, 5)).toEqual([
    'Forwarding from 127.0.0.1:8888 -> 80\nForwarding from [::1]:8888 -> 80\nHandling connection for 8888\n0\n',
    expect.stringContaining('Failed to connect to localhost port 8888'),
  ]);
}, 60_000);

test('a port nobody listens on is the end of forwarding', async () => {
  const answers = await script([
    {
      host: 'master01',
      run: 'kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web --timeout=60s',
    },
    {
      host: 'master01',
      run: '(kubectl port-forward web 8888:81; echo $?) > /tmp/out 2>&1 & sleep 2; curl -s localhost:8888',
    },
    { host: 'master01', run: 'sleep 1; cat /tmp/out' },
  ]);
  expect(out(answers, 2)[0]).toMatch(
    /^Forwarding .*\nForwarding .*\nHandling connection for 8888\nE\d{4} [\d:.]+ +\d+ portforward\.go:424\] "Unhandled Error" err="an error occurred forwarding 8888 -> 81: error forwarding port 81 to pod .* connection refused "\nerror: lost connection to pod\n1\n$/,
  );
}, 60_000);

test('cp takes files into a pod and back', async () => {
  const answers = await script([
    {
      host: 'master01',
      run: 'kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web --timeout=60s',
    },
    {
      host: 'master01',
      run: 'mkdir -p d/sub; echo one > d/one; echo two > d/sub/two; kubectl cp d web:/tmp/d; echo $?',
    },
    { host: 'master01', run: 'kubectl exec web -- sh -c "cat /tmp/d/one /tmp/d/sub/two; echo three > /tmp/d/three"' },
    { host: 'master01', run: 'kubectl cp web:/tmp/d back; cat back/one back/sub/two back/three' },
  ]);
  expect(out(answers, 1)).toEqual(['0\n', '']);
  expect(out(answers, 2)[0]).toBe('one\ntwo\n');
  expect(out(answers, 3)).toEqual(['one\ntwo\nthree\n', "tar: Removing leading `/' from member names\n"]);
}, 60_000);

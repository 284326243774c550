/** The reading of pages and the comparison, on a page of our own making. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { differences, watchDifferences } from './compare.ts';
import { isWatch, stepsOf } from './page.ts';
import { reasonOf, reportOf, UNEXPLAINED } from './report.ts';

const steps = stepsOf(readFileSync(new URL('testdata/page.md', import.meta.url), 'utf8'));
const table = (...rows: string[]) => ['NAME   READY   STATUS    RESTARTS   AGE', ...rows].join('\n');

test('a page is its commands in order, each with the outputs it shows', () => {
  expect(steps.map(({ command, outputs }) => [command, outputs])).toEqual([
    ['kubectl apply -f https://k8s.io/examples/box.yaml', ['pod/box created']],
    ['# End this watch when it runs\nkubectl get pod box --watch', [table('box    1/1     Running   0          5m')]],
    ['kubectl get pods', [table('box    1/1     Running   0          5m')]],
    [
      '# End this watch when it runs\nkubectl get pod box --watch',
      [
        'NAME   READY   STATUS              RESTARTS   AGE\nbox    0/1     ContainerCreating   0          0s\nbox    1/1     Running             0          1s',
      ],
    ],
    ['kubectl rollout status deployment/box', ['Waiting...', 'deployment "box" successfully rolled out']],
    ['cd /data\nls', ['file']],
    ['nslookup box\nnslookup cart', ['Address 1: 10.0.0.1\n\nAddress 1: 10.0.0.2']],
    ['kubectl get pod box -o yaml', ['status:\n  phase: Running\n…']],
  ]);
  expect(steps.map(({ command }) => isWatch(command))).toEqual([false, true, false, true, ...Array(4).fill(false)]);
});

test('what differs between clusters does not count', () => {
  expect(
    differences(
      'NAME                          READY     STATUS    RESTARTS   AGE       IP\nweb-1771418926-7o5ns   1/1       Running   0          16h   10.0.0.7\n',
      '\u001b[1mNAME\u001b[0m\tREADY STATUS   RESTARTS  AGE  IP\r\n  web-66cdc789d7-x2k4p  1/1  Running  0  3s  10.244.1.2\r\n',
    ),
  ).toEqual([]);
});

test('what else differs does, line by line', () => {
  expect(differences('a\nb\nc', 'a\nB\nc\nd')).toEqual([
    { page: ['b'], ours: ['B'] },
    { page: [], ours: ['d'] },
  ]);
});

test('a page may leave lines out, but not show what is not there', () => {
  expect(differences('kind: Pod\n…\nphase: Running', 'kind: Pod\nname: x\nphase: Running')).toEqual([]);
  expect(differences('kind: Pod\n…\nphase: Failed', 'kind: Pod\nname: x\nphase: Running')).toEqual([
    { page: ['phase: Failed'], ours: [] },
  ]);
});

test('of a watch, what each object went through counts, not how often it was told', () => {
  const page = table('web-0 0/1 Pending 0 0s', 'web-0 0/1 Pending 0 0s', 'web-0 1/1 Running 0 19s');
  expect(watchDifferences(page, table('web-0 0/1 Pending 0 0s', 'web-0 1/1 Running 0 2s'))).toEqual([]);
  expect(watchDifferences(page, table('web-0 1/1 Running 0 2s'))).toHaveLength(1);
});

test('a difference has the first reason that fits; without one it is ours', () => {
  const deleted = '+ pod "web-0" deleted from default namespace';
  expect(reasonOf('any.md', 'kubectl delete pod web-0', deleted, [deleted]).kind).toBe('page');
  expect(reasonOf('any.md', 'kubectl get pods', '+ something else', [])).toBe(UNEXPLAINED);
});

test('the report counts, quotes and explains', () => {
  const [apply, , get] = steps;
  const report = reportOf(
    [
      {
        page: 'tasks/own.md',
        title: 'A page of our own',
        outcomes: [
          { step: apply!, verdict: 'agrees', differences: [] },
          { step: get!, verdict: 'differs', differences: [{ page: ['box 1/1'], ours: ['box 0/1'] }] },
          { step: steps[5]!, verdict: 'omitted', differences: [], why: 'no shell' },
        ],
      },
    ],
    'a snapshot',
  );
  expect(report).toContain(
    '| [A page of our own](https://kubernetes.io/docs/tasks/own/) | 1 of 2 | 1 of 2 | 0 | 0 | 0 | 1 |',
  );
  expect(report).toContain('`kubectl get pods`: lab (1)\n\n```diff\n- box 1/1\n+ box 0/1\n```');
  expect(report).toContain('| 1 | lab | not explained |');
  expect(report).toContain('Not run: `ls` (no shell).');
});

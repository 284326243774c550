/** `kubectl auth reconcile`, as the real one answered the same commands at the same API (testdata/auth-reconcile.txt). */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestBed } from '../test-bed.ts';

const A = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: made}
rules:
- {apiGroups: [""], resources: [pods, services], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: made}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: jane}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: urls, labels: {a: b}}
rules:
- {nonResourceURLs: [/metrics], verbs: [get]}
`;
const B = A.replace('services', 'secrets').replace('jane', 'john').replace('a: b', 'a: c');
const FILES = { 'a.yaml': A, 'b.yaml': B, 'c.yaml': B.replace('name: reader}\n', 'name: other}\n') };

const recorded = readFileSync(new URL('../testdata/auth-reconcile.txt', import.meta.url), 'utf8')
  .split(/^\$ kubectl /m)
  .slice(1);

test('as the real kubectl', () => {
  const bed = new TestBed();
  for (const [name, text] of Object.entries(FILES)) bed.files.set(name, text);
  for (const answer of recorded) {
    const [command = '', ...lines] = answer.trimEnd().split('\n');
    const { stdout, stderr, rc } = bed.run(command.split(' '));
    const isProblem = (line: string) => /^(?:\t|error:)/.test(line);
    const text = (told: readonly string[]) => told.map((line) => `${line}\n`).join('');
    const told = lines.slice(0, -1);
    expect({ command, stdout, stderr, rc: `rc ${rc}` }).toEqual({
      command,
      stdout: text(told.filter((line) => !isProblem(line))),
      stderr: text(told.filter(isProblem)),
      rc: lines.at(-1),
    });
  }
});

test('what opted out stays as it is', () => {
  const bed = new TestBed();
  bed.files.set('a.yaml', A);
  bed.files.set('b.yaml', B);
  bed.run(['auth', 'reconcile', '-f', 'a.yaml']);
  bed.run(['-n', 'made', 'annotate', 'role', 'reader', 'rbac.authorization.kubernetes.io/autoupdate=false']);
  expect(bed.run(['auth', 'reconcile', '-f', 'b.yaml']).stderr).toContain(
    '\treconciliation required update, but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)\n',
  );
  expect(bed.run(['-n', 'made', 'get', 'role', 'reader', '-o', 'jsonpath={.rules[*].resources}']).stdout).toBe(
    '["pods","services"]',
  );
});

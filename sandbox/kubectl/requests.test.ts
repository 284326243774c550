/** What kubectl asks of its server, and in which order: -v, the change to server-side apply, what is waited for. */

import { expect, test } from 'vitest';
import { TestBed, words } from './test-bed.ts';

const kubectl = (bed: TestBed, line: string) => bed.run(words(line));

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "1", y: "2"}\n';

test('-v=6 tells of each answer, and of what was refused', () => {
  const { stderr } = kubectl(new TestBed(), 'get pods nope -v=6');
  expect(stderr).toContain(
    'I1122 09:00:00.000000       1 loader.go:405] Config loaded from file:  /root/.kube/config\n',
  );
  expect(stderr).toContain(
    'round_trippers.go:632] "Response" verb="GET" url="https://127.0.0.1:7443/api/v1/namespaces/default/pods/nope" status="404 Not Found" milliseconds=0\n',
  );
  expect(stderr).toContain('helpers.go:246] server response object: %s[{\n  "kind": "Status",\n');
  expect(stderr).toMatch(/\nError from server \(NotFound\): pods "nope" not found\n$/);
});

test('-v=7 shows the headers of requests, without secrets', () => {
  const { stderr } = kubectl(new TestBed(), 'get --raw /version --token=hush -v=7 --as=jane');
  expect(stderr).toContain(
    '\tAccept: application/json\n\tAuthorization: Bearer <masked>\n\tImpersonate-User: jane\n\tUser-Agent: kubectl/v1.35.2',
  );
  expect(stderr).not.toContain('hush');
});

test('server-side apply takes over from client-side apply: a field that is left out goes', () => {
  const bed = new TestBed();
  bed.files.set('/root/a.yaml', MAP);
  kubectl(bed, 'apply -f /root/a.yaml');
  expect(kubectl(bed, 'apply --server-side -f /root/a.yaml')).toEqual({
    stdout: 'configmap/a serverside-applied\n',
    stderr: '',
    rc: 0,
  });
  const owners = kubectl(
    bed,
    'get cm a --show-managed-fields -o jsonpath=\'{range .metadata.managedFields[*]}{.manager} {.operation}{"\\n"}{end}\'',
  );
  expect(owners.stdout).toBe('kubectl Apply\nkubectl-last-applied Apply\n');
  bed.files.set('/root/a.yaml', MAP.replace(', y: "2"', ''));
  kubectl(bed, 'apply --server-side -f /root/a.yaml');
  expect(kubectl(bed, "get cm a -o jsonpath='{.data}'").stdout).toBe('{"x":"1"}');
});

test('two are waited for, and the time is over with the first', () => {
  const bed = new TestBed();
  for (const name of ['a', 'b']) kubectl(bed, `create cm ${name}`);
  expect(kubectl(bed, 'wait cm/a cm/b --for=delete --timeout=2s').stderr).toBe(
    'timed out waiting for the condition on configmaps/a\nclient rate limiter Wait returned an error: context deadline exceeded\n',
  );
  expect(kubectl(bed, 'wait cm/a --for=delete --timeout=0').stderr).toBe('error: condition not met for configmaps/a\n');
});

test('the rules of somebody who may little, one a row', () => {
  const { stdout } = kubectl(new TestBed(), 'auth can-i --list --as=jane --no-headers');
  expect(
    stdout
      .split('\n')
      .slice(0, 2)
      .map((row) => row.trim().split(/ +/)),
  ).toEqual([
    ['selfsubjectreviews.authentication.k8s.io', '[]', '[]', '[create]'],
    ['selfsubjectaccessreviews.authorization.k8s.io', '[]', '[]', '[create]'],
  ]);
});

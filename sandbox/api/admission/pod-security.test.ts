/** Pod Security, held against what a real 1.36.2 said of 25 pods in a baseline, a restricted and a warned namespace (testdata/pod-security.jsonl). */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { pod, startApi } from '../testing.ts';

interface Line {
  readonly n: number;
  readonly namespace: string;
  readonly pod: string;
  readonly forbidden: string | null;
  readonly warning: string | null;
}

const lines = readFileSync(join(import.meta.dirname, 'testdata/pod-security.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

const LABEL = 'pod-security.kubernetes.io';
const NAMESPACES = {
  base: { [`${LABEL}/enforce`]: 'baseline' },
  strict: { [`${LABEL}/enforce`]: 'restricted' },
  warned: { [`${LABEL}/warn`]: 'restricted', [`${LABEL}/audit`]: 'restricted' },
};

function start() {
  const started = startApi();
  for (const [name, labels] of Object.entries(NAMESPACES)) {
    started.admin.create('namespaces', '', { metadata: { name, labels } });
    started.admin.create('serviceaccounts', name, { metadata: { name: 'default' } });
  }
  return started;
}

const warningsOf = (headers: readonly string[]): readonly string[] =>
  headers.map((header) => JSON.parse(header.replace(/^299 - /, '')) as string);

test.each(lines)('line $n in $namespace', ({ namespace, pod: manifest, forbidden, warning }) => {
  const { call } = start();
  const answer = call('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, parse(manifest));
  const { name } = parse(manifest).metadata as { name: string };
  if (forbidden) expect(answer.failure).toBe(`403 Forbidden: pods "${name}" is forbidden: ${forbidden}`);
  else expect(answer.status).toBe(201);
  expect(warningsOf(answer.warnings).find((text) => text.startsWith('would')) ?? null).toBe(warning);
});

const patchLabels = (labels: object) => ({ metadata: { labels } });
const MERGE = 'application/merge-patch+json';

test('labels that cannot be read are refused', () => {
  const { call } = start();
  const labelled = (key: string, value: string) =>
    call('PATCH', '/api/v1/namespaces/warned', patchLabels({ [`${LABEL}/${key}`]: value }), MERGE).failure;
  expect(labelled('enforce', 'strict')).toBe(
    '422 Invalid: Namespace "warned" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
  );
  for (const version of ['1.36', 'v9.99'])
    expect(labelled('enforce-version', version)).toBe(
      `422 Invalid: Namespace "warned" is invalid: metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "${version}": must be "latest" or "v1.x"`,
    );
});

test('who tightens a namespace is told which of its pods would not be let in', () => {
  const { call } = start();
  for (const name of ['b', 'a', 'c']) call('POST', '/api/v1/namespaces/warned/pods', pod(name));
  call('POST', '/api/v1/namespaces/warned/pods', pod('net', { hostNetwork: true }));
  const answer = call('PATCH', '/api/v1/namespaces/warned', patchLabels({ [`${LABEL}/enforce`]: 'restricted' }), MERGE);
  const rest = 'allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile';
  expect(warningsOf(answer.warnings)).toEqual([
    'existing pods in namespace "warned" violate the new PodSecurity enforce level "restricted:latest"',
    `a (and 2 other pods): ${rest}`,
    `net: host namespaces, ${rest}`,
  ]);
});

test('a namespace that enforces warns of what makes pods', () => {
  const { call } = start();
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } };
  const answer = call('POST', '/apis/apps/v1/namespaces/strict/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template },
  });
  expect(answer.status).toBe(201);
  expect(warningsOf(answer.warnings)).toEqual([
    'would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "nginx" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "nginx" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "nginx" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "nginx" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ]);
});

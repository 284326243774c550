/** The machinery asks no kind: it names none that discovery lists, nor a subresource; what a kind does stands in its declaration. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startApi } from './testing.ts';

const ROOT = join(import.meta.dirname, '..');

const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);

const MACHINERY = [
  ...filesOf('api/registry'),
  ...filesOf('api/server'),
  'api/admission/chain.ts',
  'api/admission/plugin.ts',
  'api/local-client.ts',
  'api/other-versions.ts',
  'api/resource.ts',
  'controllers/garbage-collector.ts',
  'controllers/namespace.ts',
];

/** What is named nonetheless, and why. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // ValidateOwnerReferences' one banned owner.
  'api/registry/metadata.ts': ['Event'],
  // The path of a namespace is that of what is in it (requestinfo.go, namespaceSubresources).
  'api/server/request.ts': ['namespaces', 'status', 'finalize'],
  // A health check of that name.
  'api/server/plain.ts': ['log'],
  // UpdateStatus is a method of its own, as in client-go.
  'api/local-client.ts': ['status'],
  // DefaultIgnoredResources; and where an owner may live instead of beside what it owns.
  'controllers/garbage-collector.ts': ['events', 'namespaces'],
  // Its own kind.
  'controllers/namespace.ts': ['namespaces', 'finalize'],
};

interface Listed {
  readonly resources: readonly { readonly name: string; readonly kind: string }[];
}

/** Plural names, kinds and subresources of everything served. */
function namesServed(): ReadonlySet<string> {
  const { api, call } = startApi();
  const versions = new Set(api.registry.endpoints.map(({ apiVersion }) => apiVersion));
  const lists = [...versions].map((version) => {
    const url = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
    return (call('GET', url).value as Listed).resources;
  });
  return new Set(lists.flat().flatMap(({ name, kind }) => [...name.split('/'), kind]));
}

test('no kind and no subresource is named in the machinery', () => {
  const names = namesServed();
  expect(names.size).toBeGreaterThan(100);
  const found = MACHINERY.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        /^\s*(?:\*|\/\/|\/\*\*|import )/.test(line)
          ? []
          : [...line.matchAll(/(?<!\[)'([A-Za-z]+)'|subresources[!?]?\.([a-z]+)/g)]
              .map(([, literal, member]) => literal ?? member)
              .filter((literal) => literal !== undefined && names.has(literal) && !ALLOWED[file]?.includes(literal))
              .map((literal) => `${file}:${i + 1} ${literal}`),
      ),
  );
  expect(found).toEqual([]);
});

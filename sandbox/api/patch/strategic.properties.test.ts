/** Strategic merge patches on arbitrary Deployments: a diff leads to its target, kubectl's three-way to what the manifest says. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { own } from '../../sim/own.ts';
import type { Json, JsonObject } from '../object.ts';
import { definition, itemsOf, propertyOf } from '../schema/schemas.ts';
import { isJsonObject } from './merge.ts';
import { strategicMerge, strategyOf } from './strategic.ts';
import { createThreeWayMergePatch, createTwoWayMergePatch } from './strategic-diff.ts';

type Schema = ReturnType<typeof definition>;

const schema = definition('io.k8s.api.apps.v1.Deployment');
const names = fc.constantFrom('a', 'b', 'c', 'constructor');
const text = fc.constantFrom('x', 'y', 'z');
const labels = fc.dictionary(names, text, { maxKeys: 3 });

/** An object some of whose fields are absent. */
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T, requiredKeys: (keyof T & string)[] = []) =>
  fc.record(fields, { requiredKeys }) as fc.Arbitrary<JsonObject>;
/** A list merged by `key`: no two elements have the same. */
const keyed = (key: string, element: fc.Arbitrary<JsonObject>) =>
  fc.uniqueArray(element, { selector: (item) => item[key], maxLength: 4 });

const env = keyed('name', some({ name: names, value: text }, ['name']));
const ports = keyed(
  'containerPort',
  some({ containerPort: fc.integer({ min: 1, max: 4 }), name: text, hostPort: fc.integer({ min: 1, max: 3 }) }, [
    'containerPort',
  ]),
);
const mounts = keyed(
  'mountPath',
  some({ mountPath: names.map((name) => `/${name}`), name: text, readOnly: fc.boolean() }, ['mountPath', 'name']),
);
const containers = keyed(
  'name',
  some(
    {
      name: names,
      image: text,
      args: fc.array(text, { maxLength: 3 }),
      env,
      ports,
      volumeMounts: mounts,
      resources: some({ limits: labels, requests: labels }),
    },
    ['name'],
  ),
);
/** A volume has one source: `$retainKeys` drops the other. */
const volumes = keyed(
  'name',
  fc.oneof(
    some({ name: names, emptyDir: some({ medium: text, sizeLimit: text }) }, ['name', 'emptyDir']),
    some({ name: names, hostPath: some({ path: text, type: text }, ['path']) }, ['name', 'hostPath']),
    some({ name: names, nfs: some({ server: text, path: text }) }, ['name', 'nfs']),
  ),
);
const podSpec = some({
  containers,
  initContainers: containers,
  volumes,
  nodeSelector: labels,
  imagePullSecrets: keyed('name', some({ name: names }, ['name'])),
  hostAliases: keyed('ip', some({ ip: names, hostnames: fc.array(text, { maxLength: 2 }) }, ['ip'])),
  tolerations: fc.array(some({ key: names, operator: text }), { maxLength: 2 }),
  securityContext: some({
    runAsUser: fc.integer({ min: 0, max: 2 }),
    supplementalGroups: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
  }),
});
const deployments = some({
  metadata: some({
    labels,
    annotations: labels,
    finalizers: fc.uniqueArray(names, { maxLength: 4 }),
  }),
  spec: some({
    replicas: fc.integer({ min: 0, max: 3 }),
    strategy: fc.oneof(
      fc.constant({ type: 'Recreate' }),
      some(
        {
          type: fc.constant('RollingUpdate'),
          rollingUpdate: some({ maxSurge: text, maxUnavailable: fc.integer({ min: 0, max: 2 }) }),
        },
        ['type'],
      ),
    ),
    selector: some({ matchLabels: labels }),
    template: some({ metadata: some({ labels }), spec: podSpec }),
  }),
});

test('the diff of two objects, applied to the first, gives the second', () => {
  fc.assert(
    fc.property(deployments, deployments, (before, after) => {
      expect(strategicMerge(before, createTwoWayMergePatch(before, after, schema), schema)).toEqual(after);
    }),
    { numRuns: 800 },
  );
});

test('there is no diff between an object and itself, and a diff applied twice does no more', () => {
  fc.assert(
    fc.property(deployments, deployments, (before, after) => {
      expect(createTwoWayMergePatch(before, before, schema)).toEqual({});
      const patch = createTwoWayMergePatch(before, after, schema);
      const once = strategicMerge(before, patch, schema);
      expect(strategicMerge(once, patch, schema)).toEqual(once);
    }),
    { numRuns: 500 },
  );
});

test('what a patch does not name stays, and neither object is changed in place', () => {
  fc.assert(
    fc.property(deployments, deployments, (before, after) => {
      const [first, second] = [structuredClone(before), structuredClone(after)];
      const patch = createTwoWayMergePatch(before, after, schema);
      strategicMerge(before, patch, schema);
      expect([before, after]).toEqual([first, second]);
      const elsewhere = { ...before, status: { replicas: 3 } };
      expect(strategicMerge(elsewhere, patch, schema)).toMatchObject({ status: { replicas: 3 } });
    }),
    { numRuns: 300 },
  );
});

/** Whether everything that `wanted` says is so in `found`: maps by field, merged lists by key and in order, the rest whole. */
function contains(found: Json | undefined, wanted: Json, schema: Schema | undefined): boolean {
  if (isJsonObject(wanted)) {
    return (
      isJsonObject(found) &&
      Object.entries(wanted).every(([name, value]) =>
        contains(own(found, name), value!, propertyOf(schema ?? {}, name)),
      )
    );
  }
  const { merge, key } = strategyOf(schema);
  if (!Array.isArray(wanted) || !merge) return JSON.stringify(found) === JSON.stringify(wanted);
  if (!Array.isArray(found)) return false;
  const keyOf = (item: Json) => (isJsonObject(item) ? item[key] : item);
  const places = wanted.map((item) => found.findIndex((other) => keyOf(other) === keyOf(item)));
  return wanted.every(
    (item, i) =>
      places[i]! >= 0 &&
      (i === 0 || places[i]! > places[i - 1]!) &&
      contains(found[places[i]!], item, itemsOf(schema ?? {})),
  );
}

/** The paths of fields and keyed elements that `before` has and `after` has not. */
function* gone(
  before: Json,
  after: Json | undefined,
  schema: Schema | undefined,
  path: string[] = [],
): Generator<string[]> {
  if (after === undefined) {
    yield path;
    return;
  }
  if (isJsonObject(before) && isJsonObject(after))
    for (const [name, value] of Object.entries(before))
      yield* gone(value!, own(after, name), propertyOf(schema ?? {}, name), [...path, name]);
  const { merge, key } = strategyOf(schema);
  if (!merge || !Array.isArray(before) || !Array.isArray(after)) return;
  const keyOf = (item: Json) => String(isJsonObject(item) ? item[key] : item);
  for (const item of before)
    yield* gone(
      item,
      after.find((other) => keyOf(other) === keyOf(item)),
      itemsOf(schema ?? {}),
      [...path, `=${keyOf(item)}`],
    );
}

/** Follows such a path; undefined where it ends. */
function at(object: Json | undefined, path: string[], schema: Schema | undefined): Json | undefined {
  const [first, ...rest] = path;
  if (first === undefined || object === undefined) return object;
  if (isJsonObject(object)) return at(own(object, first), rest, propertyOf(schema ?? {}, first));
  if (!Array.isArray(object)) return undefined;
  const { key } = strategyOf(schema);
  const found = object.find((item) => `=${String(isJsonObject(item) ? item[key] : item)}` === first);
  return at(found, rest, itemsOf(schema ?? {}));
}

const applied = (original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject =>
  strategicMerge(current, createThreeWayMergePatch(original, modified, current, schema), schema);

test('kubectl apply: the result says all that the manifest says', () => {
  fc.assert(
    fc.property(deployments, deployments, deployments, (original, modified, current) => {
      expect(contains(applied(original, modified, current), modified, schema)).toBe(true);
    }),
    { numRuns: 800 },
  );
});

test('kubectl apply: what was in the last manifest and is not in this one vanishes', () => {
  fc.assert(
    fc.property(deployments, deployments, deployments, (original, modified, current) => {
      const result = applied(original, modified, current);
      // A null is what decoding drops: upstream too leaves it in a list that is added whole.
      for (const path of gone(original, modified, schema))
        expect(at(result, path, schema) ?? undefined, path.join('.')).toBe(undefined);
    }),
    { numRuns: 500 },
  );
});

test('kubectl apply: what others set, and no manifest ever named, survives', () => {
  const others: JsonObject = {
    metadata: { annotations: { others: 'set' }, finalizers: ['others'] },
    spec: {
      progressDeadlineSeconds: 5,
      template: {
        spec: { containers: [{ name: 'sidecar', image: 's' }], nodeSelector: { others: 'set' }, schedulerName: 's' },
      },
    },
  };
  fc.assert(
    fc.property(deployments, deployments, (original, modified) => {
      const current = strategicMerge(original, others, schema);
      // Whoever removes a whole field removes what others put into it.
      const removed = [...gone(original, modified, schema)];
      const result = applied(original, modified, current);
      for (const path of [
        ['metadata', 'annotations', 'others'],
        ['metadata', 'finalizers', '=others'],
        ['spec', 'progressDeadlineSeconds'],
        ['spec', 'template', 'spec', 'containers', '=sidecar'],
        ['spec', 'template', 'spec', 'nodeSelector', 'others'],
        ['spec', 'template', 'spec', 'schedulerName'],
      ]) {
        if (removed.some((gone) => gone.every((part, i) => path[i] === part))) continue;
        expect(at(result, path, schema), path.join('.')).not.toBe(undefined);
      }
    }),
    { numRuns: 500 },
  );
});

test('kubectl apply twice: the second time nothing changes', () => {
  fc.assert(
    fc.property(deployments, deployments, deployments, (original, modified, current) => {
      const result = applied(original, modified, current);
      // The patch itself may say in which order elements stand: kubectl sends that whenever others added some.
      expect(applied(modified, modified, result)).toEqual(result);
      expect(createThreeWayMergePatch(modified, modified, modified, schema)).toEqual({});
    }),
    { numRuns: 500 },
  );
});

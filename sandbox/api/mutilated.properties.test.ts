/** Objects of every kind with anything missing, null, empty or of the wrong type, through decoding, the admission chain and validation: what comes back is an object or a Status, never an exception. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../sim/random.ts';
import type { Json } from './object.ts';
import type { Resource, Schema } from './resource.ts';
import { definition, itemsOf, QUANTITY, resolve } from './schema/schemas.ts';
import { startApi } from './testing.ts';

const NAMESPACE = 'default';
const STRINGS = [
  '',
  'a',
  'default',
  'web',
  'A_!',
  '1Gi',
  '10.0.0.1',
  '*',
  'a.b/c',
  '2026-11-22T20:16:00Z',
  'spec.nodeName',
];
const NUMBERS = [-1, 0, 1, 3, 65536];
const QUANTITIES = ['1Gi', '100m', '0', '-1', 'x', 1];

/** A value that a schema describes, or nearly. */
class Mutilator {
  readonly #random: Random;
  /** Of values that are none: most objects are to come past decoding. */
  readonly #rate: number;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#rate = this.#one([0, 0, 0.01, 0.06]);
  }

  #one<T>(values: readonly T[]): T {
    return values[this.#random.below(values.length)]!;
  }

  #happens(chance: number): boolean {
    return this.#random.below(1000) < chance * 1000;
  }

  object(resource: Resource): object {
    const { schema, group, version, kind } = resource;
    const value = this.#value(definition(schema), 0, false);
    const body = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    const metadata = this.#happens(0.9)
      ? { ...(body as { metadata?: object }).metadata, name: this.#one(['a', 'b', 'a.b.c']) }
      : this.#one([null, {}, { generateName: 'g-' }]);
    return { ...body, metadata, apiVersion: group ? `${group}/${version}` : version, kind };
  }

  #value(given: Schema, depth: number, mayEnd = true): Json {
    if (mayEnd && this.#happens(this.#rate)) return this.#one<Json>([null, {}, [], '', 0, false]);
    if (given.ref === QUANTITY) return this.#one<Json>(QUANTITIES);
    const schema = resolve(given);
    if (schema.intOrString) return this.#one<Json>([0, 80, 'http', '50%']);
    if (schema.enum) return this.#one<Json>([...schema.enum, 'Nope']);
    switch (schema.type) {
      case 'string':
        return schema.format === 'date-time' ? '2026-11-22T20:16:00Z' : this.#one(STRINGS);
      case 'integer':
      case 'number':
        return this.#one(NUMBERS);
      case 'boolean':
        return this.#happens(0.5);
      case 'array':
        return Array.from({ length: depth > 8 ? 0 : this.#random.below(3) }, () =>
          this.#value(itemsOf(schema), depth + 1),
        );
      default:
        return this.#fields(schema, depth);
    }
  }

  #fields(schema: Schema, depth: number): Json {
    if (depth > 9) return {};
    const { properties, additionalProperties, required = [] } = schema;
    if (properties) {
      const chance = 2 / (depth + 3);
      const kept = Object.entries(properties).filter(([name]) => this.#happens(required.includes(name) ? 0.8 : chance));
      return Object.fromEntries(kept.map(([name, inner]) => [name, this.#value(inner, depth + 1)]));
    }
    if (typeof additionalProperties !== 'object') return {};
    const keys = ['cpu', 'memory', 'app', 'kubernetes.io/a', ''].filter(() => this.#happens(0.3));
    return Object.fromEntries(keys.map((key) => [key, this.#value(additionalProperties, depth + 1)]));
  }
}

/** A namespace in which every plugin has something to say. */
function guarded() {
  const lab = startApi();
  const post = (url: string, apiVersion: string, kind: string, name: string, more: object) =>
    expect(lab.call('POST', url, { apiVersion, kind, metadata: { name }, ...more }).text).toContain(`"name":"${name}"`);
  const core = `/api/v1/namespaces/${NAMESPACE}`;
  const group = '/apis/admissionregistration.k8s.io/v1';
  const labels = { 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/warn': 'restricted' };
  lab.call('PATCH', `/api/v1/namespaces/${NAMESPACE}`, { metadata: { labels } }, 'application/merge-patch+json');
  post(`${core}/limitranges`, 'v1', 'LimitRange', 'l', {
    spec: {
      limits: [
        {
          type: 'Container',
          default: { cpu: '1' },
          max: { cpu: '2', memory: '1Gi' },
          maxLimitRequestRatio: { cpu: '2' },
        },
        { type: 'Pod', max: { cpu: '4' } },
        { type: 'PersistentVolumeClaim', min: { storage: '1Gi' } },
      ],
    },
  });
  const hard = {
    pods: '90',
    'requests.cpu': '90',
    'requests.storage': '90Gi',
    'count/configmaps': '90',
    services: '90',
  };
  post(`${core}/resourcequotas`, 'v1', 'ResourceQuota', 'q', { spec: { hard } });
  post('/apis/scheduling.k8s.io/v1/priorityclasses', 'scheduling.k8s.io/v1', 'PriorityClass', 'web', {
    value: 5,
    globalDefault: true,
  });
  post('/apis/storage.k8s.io/v1/storageclasses', 'storage.k8s.io/v1', 'StorageClass', 'web', {
    provisioner: 'x',
    metadata: { name: 'web', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  });
  const resourceRules = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }];
  const admission = 'admissionregistration.k8s.io/v1';
  post(`${group}/validatingadmissionpolicies`, admission, 'ValidatingAdmissionPolicy', 'p', {
    spec: {
      matchConstraints: { resourceRules },
      validations: [{ expression: "object.metadata.name != '' && size(string(request)) >= 0 || true" }],
    },
  });
  post(`${group}/validatingadmissionpolicybindings`, admission, 'ValidatingAdmissionPolicyBinding', 'p', {
    spec: { policyName: 'p', validationActions: ['Deny'] },
  });
  post(`${group}/mutatingadmissionpolicies`, admission, 'MutatingAdmissionPolicy', 'm', {
    spec: {
      matchConstraints: { resourceRules },
      reinvocationPolicy: 'IfNeeded',
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"team": "blue"}}}' },
        },
      ],
    },
  });
  post(`${group}/mutatingadmissionpolicybindings`, admission, 'MutatingAdmissionPolicyBinding', 'm', {
    spec: { policyName: 'm' },
  });
  return lab;
}

const { api } = startApi();
const kinds = api.registry.endpoints
  .filter(({ resource }) => typeof resource.schema === 'string')
  .map(({ resource }) => resource);

const urlOf = ({ group, version, name, namespaced }: Resource): string =>
  `${group ? `/apis/${group}/${version}` : `/api/${version}`}${namespaced ? `/namespaces/${NAMESPACE}` : ''}/${name}`;

test.each(kinds.map((resource) => [`${resource.name}.${resource.group} ${resource.version}`, resource] as const))(
  '%s',
  (_name, resource) => {
    const lab = guarded();
    const url = urlOf(resource);
    const answered = (method: 'POST' | 'PUT' | 'PATCH', path: string, body: object) => {
      const answer = lab.call(method, path, body, method === 'PATCH' ? 'application/merge-patch+json' : {});
      // A Status of 500 is an answer too, where upstream gives it; a panic is plain text.
      expect(answer.text, `${method} ${path} ${JSON.stringify(body)}`).toMatch(/^\{"(?:kind|apiVersion)"/);
      return answer;
    };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const mutilator = new Mutilator(seed);
        const { name } = answered('POST', url, mutilator.object(resource)).value.metadata ?? {};
        if (!name) return;
        answered('PUT', `${url}/${name}`, mutilator.object(resource));
        answered('PATCH', `${url}/${name}`, mutilator.object(resource));
        for (const subresource of ['status', 'resize', 'scale'])
          if (resource.subresources?.[subresource])
            answered('PATCH', `${url}/${name}/${subresource}`, mutilator.object(resource));
        lab.call('DELETE', `${url}/${name}?gracePeriodSeconds=0`);
      }),
      { numRuns: process.env.BOUND_LONG ? 400 : 60 },
    );
  },
);

test('a pod without containers is told that it needs one', () => {
  const lab = guarded();
  const refused = lab.call('POST', '/api/v1/namespaces/kube-system/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: {},
  });
  expect(refused.failure).toBe('422 Invalid: Pod "a" is invalid: spec.containers: Required value');
});

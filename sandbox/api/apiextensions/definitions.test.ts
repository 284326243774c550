/** Definitions from their creation to their end: names, serving, versions, rules, what goes with them. */

import { describe, expect, test } from 'vitest';
import type { Channel } from '../../sim/channel.ts';
import { APPLY, JSON_PATCH, MERGE, STRATEGIC, startApi, TABLE } from '../testing.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const CRONTABS = '/apis/stable.example.com/v1/namespaces/default/crontabs';

const definition = (plural: string, kind: string, spec: object = {}, version: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.stable.example.com` },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural, kind },
    versions: [
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } }, ...version },
    ],
    ...spec,
  },
});

/** A definition whose spec has these properties. */
const withSpec = (spec: object, version: object = {}) =>
  definition(
    'crontabs',
    'CronTab',
    {},
    { schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', ...spec } } } }, ...version },
  );

const crontab = (name: string, spec: object, metadata: object = {}) => ({
  apiVersion: 'stable.example.com/v1',
  kind: 'CronTab',
  metadata: { name, ...metadata },
  spec,
});

function start(...definitions: object[]) {
  const api = startApi();
  const pass = (ms = 300) => api.clock.advanceTo(api.clock.now + ms);
  for (const each of definitions) {
    const made = api.call('POST', DEFINITIONS, each);
    if (made.status !== 201) throw new Error(made.text);
    pass();
  }
  const conditions = (name: string): readonly string[] =>
    api
      .call('GET', `${DEFINITIONS}/${name}`)
      .value.status.conditions.map(
        (each: Record<string, string>) => `${each.type} ${each.status} ${each.reason}: ${each.message}`,
      );
  return { ...api, pass, conditions };
}

describe('names', () => {
  test('are accepted, then the definition is established and served', () => {
    const { conditions, call } = start(definition('crontabs', 'CronTab'));
    expect(conditions('crontabs.stable.example.com')).toEqual([
      'NamesAccepted True NoConflicts: no conflicts found',
      'Established True InitialNamesAccepted: the initial names have been accepted',
    ]);
    expect(call('GET', '/apis/stable.example.com/v1').value.resources[0].singularName).toBe('crontab');
  });

  test('whoever sees it established finds it served', () => {
    const { call, clock } = start();
    call('POST', DEFINITIONS, definition('crontabs', 'CronTab'));
    const isEstablished = () =>
      call('GET', `${DEFINITIONS}/crontabs.stable.example.com`).value.status?.conditions?.some(
        ({ type, status }: Record<string, string>) => type === 'Established' && status === 'True',
      );
    while (!isEstablished()) clock.advanceTo(clock.now + 1);
    expect(call('POST', CRONTABS, crontab('a', {})).status).toBe(201);
  });

  test('that another has are not, until it goes', () => {
    const { conditions, call, pass } = start(
      definition('crontabs', 'CronTab'),
      definition('chrontabs', 'CronTab'),
      definition('tabs', 'Tab', { names: { plural: 'tabs', kind: 'Tab', shortNames: ['crontabs', 'tb'] } }),
    );
    expect(conditions('chrontabs.stable.example.com')).toEqual([
      'NamesAccepted False ListKindConflict: "CronTabList" is already in use',
      'Established False NotAccepted: not all names are accepted',
    ]);
    expect(conditions('tabs.stable.example.com')[0]).toBe(
      'NamesAccepted False ShortNamesConflict: "crontabs" is already in use',
    );
    expect(call('GET', '/apis/stable.example.com/v1/namespaces/default/chrontabs').text).toBe('404 page not found\n');
    call('DELETE', `${DEFINITIONS}/crontabs.stable.example.com`);
    pass();
    expect(conditions('chrontabs.stable.example.com')[1]).toContain('Established True');
  });
});

describe('an end', () => {
  test('takes the instances along; one that is held holds the definition', () => {
    const { call, pass, conditions } = start(definition('crontabs', 'CronTab'));
    call('POST', CRONTABS, crontab('free', {}));
    call('POST', CRONTABS, crontab('held', {}, { finalizers: ['example.com/hold'] }));
    call('DELETE', `${DEFINITIONS}/crontabs.stable.example.com`);
    pass();
    expect(conditions('crontabs.stable.example.com').at(-1)).toBe(
      'Terminating True InstanceDeletionInProgress: CustomResource deletion is in progress',
    );
    expect(call('GET', CRONTABS).value.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual(
      ['held'],
    );
    expect(call('POST', CRONTABS, crontab('late', {})).failure).toBe(
      '403 Forbidden: crontabs.stable.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
    );
    call('PATCH', `${CRONTABS}/held`, { metadata: { finalizers: null } }, MERGE);
    pass(5_000);
    expect(call('GET', `${DEFINITIONS}/crontabs.stable.example.com`).status).toBe(404);
    expect(call('GET', CRONTABS).text).toBe('404 page not found\n');
  });

  test('comes too where none of its versions is served any more', () => {
    const { call, pass } = start(definition('crontabs', 'CronTab'));
    const address = `${DEFINITIONS}/crontabs.stable.example.com`;
    call('POST', CRONTABS, crontab('a', {}));
    call('PATCH', address, [{ op: 'replace', path: '/spec/versions/0/served', value: false }], JSON_PATCH);
    pass();
    expect(call('GET', CRONTABS).status).toBe(404);
    call('DELETE', address);
    pass(6_000);
    expect(call('GET', address).status).toBe(404);
  });
});

describe('values', () => {
  const spec = {
    required: ['image'],
    properties: {
      image: { type: 'string', minLength: 2 },
      replicas: { type: 'integer', minimum: 1, default: 1 },
      maybe: { type: 'string', nullable: true },
      port: { 'x-kubernetes-int-or-string': true },
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    },
  };

  test('unknown fields go, defaults come, nulls stay where they may', () => {
    const { call } = start(withSpec(spec));
    const made = call(
      'POST',
      CRONTABS,
      crontab('a', { image: 'nginx', nope: 1, maybe: null, port: '80%', open: { x: 1 }, replicas: null }),
    );
    expect(made.value.spec).toEqual({ image: 'nginx', maybe: null, port: '80%', open: { x: 1 }, replicas: 1 });
    expect(made.warnings).toEqual(['299 - "unknown field \\"spec.nope\\""']);
  });

  test('what does not fit is told in kube-openapi’s words', () => {
    const { call } = start(withSpec(spec));
    const causes = call('POST', CRONTABS, crontab('a', { image: 'x', replicas: 0, port: 1.5, tags: ['a', 'a'] })).value
      .details.causes;
    expect(causes.map((each: { field: string; message: string }) => `${each.field}: ${each.message}`)).toEqual([
      'spec.image: Invalid value: "x": spec.image in body should be at least 2 chars long',
      'spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1',
      'spec.port: Invalid value: "number": spec.port in body must be of type integer,string: "number"',
      'spec.tags[1]: Duplicate value: "a"',
    ]);
  });

  test('what was wrong before and did not change is let be', () => {
    const { call, pass } = start(withSpec({ properties: { image: { type: 'string' }, note: { type: 'string' } } }));
    call('POST', CRONTABS, crontab('a', { image: 'x' }));
    const stricter = {
      spec: withSpec({ properties: { image: { type: 'string', minLength: 2 }, note: { type: 'string' } } }).spec,
    };
    expect(call('PATCH', `${DEFINITIONS}/crontabs.stable.example.com`, stricter, MERGE).status).toBe(200);
    pass();
    expect(call('PATCH', `${CRONTABS}/a`, { spec: { note: 'n' } }, MERGE).status).toBe(200);
    expect(call('PATCH', `${CRONTABS}/a`, { spec: { image: 'y' } }, MERGE).status).toBe(422);
  });
});

describe('rules', () => {
  test('of a value, of a transition, with a message of their own', () => {
    const { call } = start(
      withSpec({
        properties: {
          min: { type: 'integer' },
          max: { type: 'integer' },
          unit: { type: 'string', maxLength: 10 },
          size: {
            type: 'string',
            'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'size is immutable' }],
          },
        },
        'x-kubernetes-validations': [
          {
            rule: '!has(self.max) || self.min <= self.max',
            messageExpression: "'min is above max, in ' + self.unit",
            reason: 'FieldValueForbidden',
            fieldPath: '.min',
          },
        ],
      }),
    );
    expect(call('POST', CRONTABS, crontab('a', { min: 3, max: 2, unit: 'GiB' })).failure).toBe(
      '422 Invalid: CronTab.stable.example.com "a" is invalid: spec.min: Forbidden: min is above max, in GiB',
    );
    call('POST', CRONTABS, crontab('a', { min: 1, max: 2, size: 'big' }));
    expect(call('PATCH', `${CRONTABS}/a`, { spec: { size: 'small' } }, MERGE).failure).toBe(
      '422 Invalid: CronTab.stable.example.com "a" is invalid: spec.size: Invalid value: "small": size is immutable',
    );
  });
});

describe('rules are refused with their definition', () => {
  const problems = (...rules: readonly object[]): readonly string[] => {
    const { call } = startApi();
    const schema = {
      properties: {
        replicas: { type: 'integer' },
        names: { type: 'array', items: { type: 'string' } },
        ports: { type: 'array', maxItems: 4, items: { type: 'object', properties: { port: { type: 'integer' } } } },
      },
      'x-kubernetes-validations': rules,
    };
    const { causes = [] } = call('POST', DEFINITIONS, withSpec(schema)).value.details ?? {};
    return causes.map(({ message }: { message: string }) => message.replace(/^Invalid value: \{.*?\}: /, ''));
  };

  test('where their types do not fit', () => {
    expect(
      problems(
        { rule: 'self.nope > 1' },
        { rule: 'self.replicas' },
        { rule: "self.replicas > 'a' || undefinedFunction(self)" },
        { rule: 'self.ports.all(p, p.prot > 0)' },
        { rule: 'self.names.exists(n, self.replicas)' },
        { rule: 'self.replicas > 0', messageExpression: 'self.replicas' },
        { rule: 'self.replicas >' },
        { rule: 'has(self)' },
        { rule: 'self.names.all(1, true)' },
      ),
    ).toEqual([
      "compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n | self.nope > 1\n | ....^",
      'cel expression must evaluate to a bool',
      "compilation failed: ERROR: <input>:1:15: found no matching overload for '_>_' applied to '(int, string)'\n" +
        " | self.replicas > 'a' || undefinedFunction(self)\n | ..............^\n" +
        "ERROR: <input>:1:41: undeclared reference to 'undefinedFunction' (in container '')\n" +
        " | self.replicas > 'a' || undefinedFunction(self)\n | ........................................^",
      "compilation failed: ERROR: <input>:1:20: undefined field 'prot'\n | self.ports.all(p, p.prot > 0)\n | ...................^",
      "compilation failed: ERROR: <input>:1:26: expected type 'bool' but found 'int'\n" +
        ' | self.names.exists(n, self.replicas)\n | .........................^',
      'messageExpression must evaluate to a string',
      "compilation failed: ERROR: <input>:1:16: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n" +
        ' | self.replicas >\n | ...............^',
      'compilation failed: ERROR: <input>:1:4: invalid argument to has() macro\n | has(self)\n | ...^',
      'compilation failed: ERROR: <input>:1:16: argument must be a simple name\n | self.names.all(1, true)\n | ...............^',
    ]);
  });

  test('where they may cost too much', () => {
    expect(problems({ rule: 'self.names.all(x, self.names.all(y, x == y))' })[0]).toMatch(
      /^Forbidden: estimated rule cost exceeds budget by factor of more than 100x \(try simplifying the rule/,
    );
    expect(problems({ rule: 'self.ports.all(x, self.ports.all(y, x == y || x.port != y.port))' })).toEqual([]);
  });
});

describe('serving', () => {
  test('who watches is hung up on a second after the definition changed or went', () => {
    const { call, pass } = start(withSpec({ properties: { image: { type: 'string' } } }));
    const name = `${DEFINITIONS}/crontabs.stable.example.com`;
    const watch = () => call('GET', `${CRONTABS}?watch=1`).body as Channel<string>;
    const first = watch();
    call('PATCH', name, { metadata: { labels: { a: 'b' } } }, MERGE);
    pass(2_000);
    expect(first.closed).toBe(false);
    call('PATCH', name, { spec: { names: { shortNames: ['ct'] } } }, MERGE);
    pass(2_000);
    expect(first.closed).toBe(true);
    const second = watch();
    call('DELETE', name);
    pass(500);
    expect(second.closed).toBe(false);
    pass(2_000);
    expect(second.closed).toBe(true);
  });

  test('a path of a scale finds what an object has, and not what every object answers to', () => {
    const scale = { specReplicasPath: '.spec.constructor', statusReplicasPath: '.status.replicas' };
    const { call } = start(withSpec({ 'x-kubernetes-preserve-unknown-fields': true }, { subresources: { scale } }));
    expect(call('POST', CRONTABS, crontab('a', {})).status).toBe(201);
    expect(call('GET', `${CRONTABS}/a/scale`).text).toContain('the spec replicas field');
  });

  test('columns, a status and a scale of its own, generations', () => {
    const { call } = start(
      definition(
        'crontabs',
        'CronTab',
        {},
        {
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
          },
          additionalPrinterColumns: [{ name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' }],
        },
      ),
    );
    call('POST', CRONTABS, { ...crontab('a', { replicas: 2 }), status: { replicas: 9 } });
    expect(call('GET', `${CRONTABS}/a`).value.status).toBeUndefined();
    call('PATCH', `${CRONTABS}/a/scale`, { spec: { replicas: 5 } }, MERGE);
    call(
      'PATCH',
      `${CRONTABS}/a/status`,
      { status: { replicas: 5 }, spec: { replicas: 1 }, metadata: { labels: { a: 'b' } } },
      MERGE,
    );
    const { metadata, spec, status } = call('GET', `${CRONTABS}/a`).value;
    expect({ generation: metadata.generation, labels: metadata.labels, spec, status }).toEqual({
      generation: 2,
      labels: undefined,
      spec: { replicas: 5 },
      status: { replicas: 5 },
    });
    expect(call('GET', CRONTABS, undefined, { accept: TABLE }).value.rows[0].cells).toEqual(['a', 5]);
  });

  test('patches: merge and apply, but not strategic', () => {
    const { call, owners } = start(withSpec({ properties: { image: { type: 'string' } } }));
    const config = JSON.stringify(crontab('a', { image: 'one' }));
    expect(call('PATCH', `${CRONTABS}/a?fieldManager=m`, config, APPLY).status).toBe(201);
    expect(call('PATCH', `${CRONTABS}/a`, { spec: {} }, STRATEGIC).status).toBe(415);
    expect(owners(`${CRONTABS}/a`)).toEqual(['m Apply: {"f:spec":{"f:image":{}}}']);
    expect(
      call('PATCH', `${CRONTABS}/a?fieldManager=n`, JSON.stringify(crontab('a', { image: 'two' })), APPLY).failure,
    ).toBe('409 Conflict: Apply failed with 1 conflict: conflict with "m": .spec.image');
  });

  test('versions share their objects; one that is deprecated says so', () => {
    const schema = {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { image: { type: 'string' } } } },
      },
    };
    const both = definition('crontabs', 'CronTab', {
      versions: [
        { name: 'v1beta1', served: true, storage: false, deprecated: true, schema },
        { name: 'v1', served: true, storage: true, schema },
      ],
    });
    const { call } = start(both);
    call('POST', CRONTABS, crontab('a', { image: 'x' }));
    const beta = call('GET', '/apis/stable.example.com/v1beta1/namespaces/default/crontabs/a');
    expect([beta.value.apiVersion, ...beta.warnings]).toEqual([
      'stable.example.com/v1beta1',
      '299 - "stable.example.com/v1beta1 CronTab is deprecated; use stable.example.com/v1 CronTab"',
    ]);
    expect(call('GET', '/apis/stable.example.com').value.preferredVersion.version).toBe('v1');
  });
});

/** Thousands of random operations on volumes, claims and pods: no two claims ever share a volume, and every pair is one that upstream would make. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Draft } from '../../api/client.ts';
import { type KubeObject, StatusError } from '../../api/object.ts';
import { compareQuantities } from '../../api/quantity.ts';
import { matchesLabels, selectorOf } from '../../api/selectors.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod, Resources } from '../../api/types.ts';
import { startCluster } from '../testing/cluster.ts';
import { ANNOTATION } from './claims.ts';

const NAMESPACE = 'default';
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const numbered = (prefix: string, count: number) => fc.integer({ min: 0, max: count - 1 }).map((i) => `${prefix}-${i}`);
const volumes = numbered('pv', 6);
const claims = numbered('claim', 6);
const pods = numbered('pod', 4);
const sizes = fc.constantFrom('500Mi', '1Gi', '1024Mi', '2Gi', '3Gi');
const [once, many, reading, oncePod] = ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod'];
const offered = fc.constantFrom([once], [once, many], [once, many, reading], [many], [oncePod]);
const wanted = fc.constantFrom([once], [once], [once], [many], [once, many], [reading], [oncePod]);
/** Absent, none, two that wait for nothing, one that waits for a pod. */
const classes = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'slow') },
  { weight: 1, arbitrary: fc.constantFrom(undefined, 'fast') },
  { weight: 2, arbitrary: fc.constant('late') },
);
const volumeModes = maybe(fc.constantFrom('Filesystem', 'Block'));
const labels = fc.constantFrom<Record<string, string>>({}, { tier: 'x' }, { tier: 'y' });
const selectors = fc.constantFrom(
  { matchLabels: { tier: 'x' } },
  { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['x'] }] },
);
const named = <N extends string, R extends Record<string, fc.Arbitrary<unknown>>>(name: N, rest: R) =>
  fc.record({ do: fc.constant(name), ...rest }) as fc.Arbitrary<
    { do: N } & { [K in keyof R]: R[K] extends fc.Arbitrary<infer T> ? T : never }
  >;

const operations = fc.oneof(
  {
    weight: 5,
    arbitrary: named('create volume', {
      name: volumes,
      size: sizes,
      modes: offered,
      className: classes,
      volumeMode: volumeModes,
      labels,
      reclaim: fc.constantFrom('Retain', 'Retain', 'Delete', 'Recycle'),
      claimRef: maybe(claims),
      withUid: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: named('create claim', {
      name: claims,
      size: sizes,
      modes: wanted,
      className: classes,
      volumeMode: volumeModes,
      selector: maybe(selectors),
      volumeName: maybe(volumes),
    }),
  },
  {
    weight: 3,
    arbitrary: named('create pod', { name: pods, claims: fc.uniqueArray(claims, { minLength: 1, maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: named('delete volume', { name: volumes }) },
  { weight: 1, arbitrary: named('delete claim', { name: claims }) },
  { weight: 2, arbitrary: named('delete pod', { name: pods, now: fc.boolean() }) },
  { weight: 2, arbitrary: named('release volume', { name: volumes }) },
  { weight: 1, arbitrary: named('label volume', { name: volumes, labels }) },
  { weight: 1, arbitrary: named('name volume', { name: claims, volumeName: volumes }) },
  { weight: 1, arbitrary: named('change policy', { name: volumes, reclaim: fc.constantFrom('Retain', 'Delete') }) },
  { weight: 1, arbitrary: named('default class', { className: fc.constantFrom('slow', undefined) }) },
  {
    weight: 6,
    arbitrary: named('wait', { ms: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20_000 })) }),
  },
);
/** What a careful administrator does not do: a bound volume's claimRef taken away, a finalizer removed by hand. */
const meddling = fc.oneof(
  { weight: 12, arbitrary: operations },
  { weight: 1, arbitrary: named('take back', { name: volumes }) },
  { weight: 1, arbitrary: named('unprotect', { name: volumes }) },
);
type Operation = typeof meddling extends fc.Arbitrary<infer T> ? T : never;

const isBound = (claim: PersistentVolumeClaim): boolean => claim.status?.phase === 'Bound';
const isHeldBy = (volume: PersistentVolume | undefined, claim: PersistentVolumeClaim): boolean =>
  volume?.spec?.claimRef?.uid === claim.metadata.uid;

/** checkVolumeSatisfyClaim and FindMatchingVolume of pkg/volume/util/storageclass.go and index.go, said anew. */
function satisfies(volume: PersistentVolume, claim: PersistentVolumeClaim, chosen: boolean): string[] {
  const [have, want] = [volume.spec!, claim.spec!];
  const problems: string[] = [];
  if (compareQuantities(have.capacity!.storage!, want.resources!.requests!.storage!) < 0) problems.push('capacity');
  if ((have.storageClassName ?? '') !== (want.storageClassName ?? '')) problems.push('class');
  if ((have.volumeMode ?? 'Filesystem') !== (want.volumeMode ?? 'Filesystem')) problems.push('volumeMode');
  if (!want.accessModes!.every((mode) => have.accessModes!.includes(mode))) problems.push('accessModes');
  if (chosen && want.selector && !matchesLabels(selectorOf(want.selector as never), volume.metadata.labels))
    problems.push('selector');
  return problems;
}

function startStorage({ careful = true } = {}) {
  const cluster = startCluster();
  const { api, client, advance } = cluster;
  for (const [name, volumeBindingMode] of [
    ['slow', 'Immediate'],
    ['fast', 'Immediate'],
    ['late', 'WaitForFirstConsumer'],
  ] as const)
    client.create('storageclasses', '', {
      metadata: { name },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode,
    } as Draft<Resources['storageclasses']>);

  const claimsOf = (volume: string) =>
    client.list('persistentvolumeclaims', '').filter(({ spec }) => spec?.volumeName === volume);
  const volumeOf = ({ spec }: PersistentVolumeClaim) => client.get('persistentvolumes', '', spec?.volumeName ?? '');

  // What must hold after every single write.
  api.store.subscribe(({ type, collection, object, before }) => {
    if (collection.name === 'pods') podWritten(object as Pod, before as Pod | undefined);
    else if (collection.name === 'persistentvolumeclaims') claimWritten(type, object as PersistentVolumeClaim);
    else if (collection.name === 'persistentvolumes')
      volumeWritten(type, object as PersistentVolume, before as PersistentVolume);
  });

  /** A pod gets a node only once each of its claims has a volume. */
  function podWritten(pod: Pod, before: Pod | undefined): void {
    if (!pod.spec?.nodeName || before?.spec?.nodeName) return;
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const claim = client.get('persistentvolumeclaims', NAMESPACE, persistentVolumeClaim.claimName);
      expect(claim?.spec?.volumeName, `${pod.metadata.name} on a node`).toBeTruthy();
    }
  }

  function claimWritten(type: string, claim: PersistentVolumeClaim): void {
    const told = `${type} ${claim.metadata.name}`;
    if (type === 'DELETED') {
      const users = client.list('pods', NAMESPACE).filter((pod) => uses(pod, claim));
      expect(
        users.map(({ metadata }) => metadata.name),
        `${told} while used`,
      ).toEqual([]);
      return;
    }
    if (!isBound(claim) || !careful) return;
    const together = claimsOf(claim.spec!.volumeName!).filter(isBound);
    expect(
      together.map(({ metadata }) => metadata.name),
      `claims bound to ${claim.spec!.volumeName}`,
    ).toHaveLength(1);
  }

  function volumeWritten(type: string, volume: PersistentVolume, before: PersistentVolume | undefined): void {
    const { claimRef } = volume.spec!;
    if (type === 'DELETED') {
      if (careful) expect(volume.status?.phase, `${volume.metadata.name} removed`).not.toBe('Bound');
      return;
    }
    if (!claimRef?.uid || before?.spec?.claimRef?.uid || !careful) return;
    const claim = client.get('persistentvolumeclaims', claimRef.namespace!, claimRef.name!);
    const byController = volume.metadata.annotations?.[ANNOTATION.boundByController] !== undefined;
    // Whoever wrote a claim's name into a volume is believed in all but size and volumeMode.
    if (!claim || claim.metadata.uid !== claimRef.uid || !byController) return;
    const chosen = claim.spec!.volumeName === undefined;
    expect(satisfies(volume, claim, chosen), `${volume.metadata.name} for ${claim.metadata.name}`).toEqual([]);
  }

  const uses = ({ spec, status }: Pod, { metadata }: PersistentVolumeClaim): boolean =>
    spec?.nodeName !== undefined &&
    status?.phase !== 'Succeeded' &&
    status?.phase !== 'Failed' &&
    (spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name);

  /** What must hold once everybody has done what there was to do. */
  function atRest(): void {
    for (const claim of client.list('persistentvolumeclaims', '')) {
      if (!isBound(claim)) continue;
      const volume = volumeOf(claim);
      expect(isHeldBy(volume, claim), `${claim.metadata.name} is Bound, its volume knows`).toBe(true);
      expect(volume!.status?.phase).toBe('Bound');
    }
    for (const volume of client.list('persistentvolumes', '')) {
      const { claimRef } = volume.spec!;
      const claim = claimRef && client.get('persistentvolumeclaims', claimRef.namespace!, claimRef.name!);
      const { phase } = volume.status ?? {};
      if (phase === 'Bound') {
        expect(
          claim && isHeldBy(volume, claim) && isBound(claim),
          `${volume.metadata.name} is Bound, its claim knows`,
        ).toBe(true);
        expect(claim!.spec!.volumeName).toBe(volume.metadata.name);
      } else if (phase === 'Available') expect(claimRef?.uid).toBe(undefined);
      // Made for a claim by its uid, which cannot take it: syncVolume leaves it to the claim, and the claim looks elsewhere.
      else if (phase === 'Pending') expect(claim && isHeldBy(volume, claim) && !isBound(claim)).toBe(true);
      else expect(['Released', 'Failed']).toContain(phase);
    }
  }

  /** Whether the API server took it. */
  function carryOut(operation: Operation): void {
    try {
      act(operation);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  function act(operation: Operation): void {
    switch (operation.do) {
      case 'wait':
        advance(operation.ms);
        return;
      case 'create volume': {
        const claim = client.get('persistentvolumeclaims', NAMESPACE, operation.claimRef ?? '');
        const uid = operation.withUid ? claim?.metadata.uid : undefined;
        client.create('persistentvolumes', '', {
          metadata: { name: operation.name, labels: operation.labels },
          spec: {
            capacity: { storage: operation.size },
            accessModes: operation.modes,
            nfs: { server: '192.168.120.230', path: `/mnt/${operation.name}` },
            persistentVolumeReclaimPolicy: operation.reclaim,
            ...(operation.className !== undefined && { storageClassName: operation.className }),
            ...(operation.volumeMode && { volumeMode: operation.volumeMode }),
            ...(operation.claimRef && {
              claimRef: { namespace: NAMESPACE, name: operation.claimRef, ...(uid && { uid }) },
            }),
          },
        } as Draft<PersistentVolume>);
        return;
      }
      case 'create claim':
        client.create('persistentvolumeclaims', NAMESPACE, {
          metadata: { name: operation.name },
          spec: {
            accessModes: operation.modes,
            resources: { requests: { storage: operation.size } },
            ...(operation.className !== undefined && { storageClassName: operation.className }),
            ...(operation.volumeMode && { volumeMode: operation.volumeMode }),
            ...(operation.selector && { selector: operation.selector }),
            ...(operation.volumeName && { volumeName: operation.volumeName }),
          },
        } as Draft<PersistentVolumeClaim>);
        return;
      case 'create pod':
        client.create('pods', NAMESPACE, {
          metadata: { name: operation.name },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [{ name: 'c', image: 'nginx' }],
            volumes: operation.claims.map((claimName, i) => ({ name: `v${i}`, persistentVolumeClaim: { claimName } })),
          },
        } as Draft<Pod>);
        return;
      case 'delete volume':
        client.delete('persistentvolumes', '', operation.name);
        return;
      case 'delete claim':
        client.delete('persistentvolumeclaims', NAMESPACE, operation.name);
        return;
      case 'delete pod':
        client.delete('pods', NAMESPACE, operation.name, operation.now ? { gracePeriodSeconds: 0 } : {});
        return;
      case 'release volume':
        // As an administrator does with a Released volume: the claimRef of a claim that is gone.
        client.mutate('persistentvolumes', '', operation.name, (volume) => {
          if (volume.status?.phase !== 'Released') return volume;
          const { claimRef: _, ...spec } = volume.spec!;
          return { ...volume, spec };
        });
        return;
      case 'take back':
        client.mutate('persistentvolumes', '', operation.name, (volume) => {
          const { claimRef: _, ...spec } = volume.spec!;
          return { ...volume, spec };
        });
        return;
      case 'unprotect':
        client.mutate('persistentvolumes', '', operation.name, (volume) => ({
          ...volume,
          metadata: { ...volume.metadata, finalizers: [] },
        }));
        return;
      case 'label volume':
        client.mutate('persistentvolumes', '', operation.name, (volume) => ({
          ...volume,
          metadata: { ...volume.metadata, labels: operation.labels },
        }));
        return;
      case 'name volume':
        client.mutate('persistentvolumeclaims', NAMESPACE, operation.name, (claim) => ({
          ...claim,
          spec: { ...claim.spec!, volumeName: operation.volumeName },
        }));
        return;
      case 'change policy':
        client.mutate('persistentvolumes', '', operation.name, (volume) => ({
          ...volume,
          spec: { ...volume.spec!, persistentVolumeReclaimPolicy: operation.reclaim },
        }));
        return;
      case 'default class':
        client.mutate('storageclasses', '', 'slow', (object) => ({
          ...object,
          metadata: {
            ...object.metadata,
            annotations: { 'storageclass.kubernetes.io/is-default-class': String(operation.className !== undefined) },
          },
        }));
    }
  }

  const state = () => JSON.stringify([...api.store.collections].flatMap((all) => all.list('') as KubeObject[]));
  return { ...cluster, carryOut, atRest, state };
}

/** Long enough for resyncs (15 s), retries and the pods' ends. */
const REST = 120_000;

test('in any order of operations: one claim a volume, and pairs that fit', () => {
  fc.assert(
    fc.property(fc.array(operations, { minLength: 1, maxLength: 90, size: 'max' }), (given) => {
      const { carryOut, atRest, advance } = startStorage();
      given.forEach((operation, i) => {
        carryOut(operation);
        if (i % 40 !== 39) return;
        advance(REST);
        atRest();
      });
      advance(REST);
      atRest();
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('even where somebody meddles, all pairs know each other in the end', () => {
  fc.assert(
    fc.property(fc.array(meddling, { minLength: 1, maxLength: 90, size: 'max' }), (given) => {
      const { carryOut, atRest, advance } = startStorage({ careful: false });
      given.forEach(carryOut);
      advance(REST);
      atRest();
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('10,000 operations on one cluster', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { carryOut, atRest, advance, client } = startStorage();
      let bound = 0;
      fc.sample(operations, { seed, numRuns: 10_000 }).forEach((operation, i) => {
        carryOut(operation);
        if (i % 250 !== 249) return;
        advance(REST);
        atRest();
        bound += client.list('persistentvolumeclaims', '').filter(isBound).length;
      });
      // And there was something to hold.
      expect(bound).toBeGreaterThan(20);
    }),
    { numRuns: 1, endOnFailure: true },
  );
}, 120_000);

test('a claim of a waiting class that names its volume is the binder’s: the scheduler gives it no other', () => {
  const { client, advance } = startStorage();
  const volume = (name: string, className: string, claimRef?: object) => ({
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      nfs: { server: '192.168.120.230', path: `/mnt/${name}` },
      storageClassName: className,
      ...(claimRef && { claimRef }),
    },
  });
  client.create('persistentvolumes', '', volume('promised', 'slow', { namespace: NAMESPACE, name: 'c' }) as never);
  const claim = {
    metadata: { name: 'c' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'late' },
  };
  client.create('persistentvolumeclaims', NAMESPACE, {
    ...claim,
    spec: { ...claim.spec, volumeName: 'named' },
  } as never);
  const pod = {
    metadata: { name: 'p' },
    spec: {
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
    },
  };
  client.create('pods', NAMESPACE, pod as never);
  advance(REST);
  expect(client.get('persistentvolumes', '', 'promised')?.spec?.claimRef?.uid).toBe(undefined);
  expect(client.get('pods', NAMESPACE, 'p')?.status?.conditions?.[0]?.message).toMatch(
    /^0\/3 nodes are available: pod has unbound immediate PersistentVolumeClaims/,
  );
  client.create('persistentvolumes', '', volume('named', 'late') as never);
  advance(REST);
  expect(client.get('persistentvolumeclaims', NAMESPACE, 'c')?.status?.phase).toBe('Bound');
  expect(client.get('pods', NAMESPACE, 'p')?.spec?.nodeName).toMatch(/^node0/);
});

test('the same operations make the same cluster', () => {
  fc.assert(
    fc.property(fc.array(operations, { minLength: 60, maxLength: 60, size: 'max' }), (given) => {
      const [one, other] = [startStorage(), startStorage()];
      for (const { carryOut } of [one, other]) given.forEach(carryOut);
      expect(one.state()).toBe(other.state());
    }),
    { numRuns: 5 },
  );
});

/** Why of a Pod whose mount fails, down to the line of /etc/exports; and what asking is: free, repeatable, without a trace. */

import { expect, test } from 'vitest';
import type { Why, WhySubject } from '../channel/why.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { openSession } from '../hosts/opening.ts';
import type { Session } from '../session/session.ts';
import { advance } from '../sim/driver.ts';
import { causes as english } from '../words/causes/en.ts';
import { causes as japanese } from '../words/causes/ja.ts';
import { why } from './why.ts';

const lessons = lessonsFromDisk();
const start = { lesson: 'the-lab', step: 'export' };
const options = { seed: 7, start, language: 'en', lessons, follow: true } as const;

const run = (session: Session, host: string, command: string) =>
  session.result(session.input({ type: 'run', host, command }), 300_000);
const pod = (name: string): WhySubject => ({ type: 'object', kind: 'Pod', name });
const ask = (session: Session, subject: WhySubject): Why => why(session.world, session.progress, subject);
const said = ({ waits }: Why) => waits.map(({ says }) => says.key);

/** A Pod on node01 that mounts an NFS directory by itself. */
const mounting = (name: string, server: string, path: string) => `kubectl create -f - <<'EOF'
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  nodeName: node01
  containers: [{name: one, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, nfs: {server: ${server}, path: ${path}}}]
EOF`;

const NFS = '192.168.120.230';

test('from a Pod to the mount that was refused to the line missing in /etc/exports', async () => {
  const session = await openSession(options);
  await run(session, 'node01', 'apt-get update; apt-get install -y nfs-common');
  await run(session, 'nfs', "mkdir -p /mnt/a /mnt/b /mnt/d; echo '/mnt/b node02(rw)' > /etc/exports; exportfs -ra");
  for (const [name, server, path] of [
    ['no-line', NFS, '/mnt/a'],
    ['other-client', NFS, '/mnt/b'],
    ['no-machine', '192.168.120.99', '/mnt/a'],
    ['not-server', '192.168.120.231', '/mnt/a'],
  ] as const)
    await run(session, 'master01', mounting(name, server, path));
  await advance(session.world.clock, session.now + 60_000);

  const line = ask(session, pod('no-line'));
  expect(said(line)).toEqual(['pod.volume', 'nfs.refused', 'exports.other-line', 'exports.no-line']);
  expect(line.waits.at(-1)).toEqual({
    says: { key: 'exports.no-line', params: { host: 'nfs', path: '/mnt/a' } },
    subject: { type: 'path', host: 'nfs', path: '/etc/exports' },
  });
  expect(line.links.map(({ component, says }) => [component, says.key])).toEqual([
    ['', 'learner.command'],
    ['nfs', 'act.file'],
    ['exportfs/nfs', 'act.exported'],
    ['', 'learner.command'],
    ['kubectl-create', 'write.created'],
    ['kubelet/node01', 'write.event'],
  ]);
  expect(line.links[0]!.says.params).toEqual({
    host: 'nfs',
    command: "mkdir -p /mnt/a /mnt/b /mnt/d; echo '/mnt/b node02(rw)' > /etc/exports; exportfs -ra",
  });
  expect(line.links.at(-1)!.says.params.message).toContain('access denied by server');
  expect(ask(session, pod('other-client')).waits.at(-1)!.says).toMatchObject({
    key: 'exports.other-client',
    params: { client: 'node02', node: 'node01' },
  });
  expect(said(ask(session, pod('no-machine'))).at(-1)).toBe('nfs.no-machine');
  expect(said(ask(session, pod('not-server'))).at(-1)).toBe('nfs.not-server');

  // The same machines, further broken.
  await run(session, 'nfs', "rm -r /mnt/d; echo '/mnt/d *(rw)' >> /etc/exports; exportfs -ra");
  await run(session, 'master01', mounting('no-directory', NFS, '/mnt/d'));
  await advance(session.world.clock, session.now + 5_000);
  const gone = ask(session, pod('no-directory'));
  expect(gone.waits.at(-1)!.says.key).toBe('nfs.no-directory');
  expect(gone.links.map(({ says }) => says.params.command)).toContainEqual(expect.stringContaining('rm -r /mnt/d'));
  await run(session, 'node01', 'systemctl stop kubelet');
  expect(said(ask(session, pod('no-line')))).toEqual(['node.silent']);
  session.input({ type: 'power', host: 'node01', on: false });
  await advance(session.world.clock, session.now + 1_000);
  const off = ask(session, pod('no-line'));
  expect(said(off)).toEqual(['machine.off']);
  expect(off.links.map(({ says }) => says.key)).toContain('learner.power.off');
  session.close();
});

test('a claim that was bound at a look of the controller: because of the volume that came', async () => {
  const session = await openSession({ ...options, start: { lesson: 'claim', step: 'create' } });
  const create = 'kubectl create -f /root/kube_yaml/persistent_volume';
  await run(session, 'master01', `kubectl delete pv pv0001; ${create}/persistent_volume_claims.yaml`);
  await advance(session.world.clock, session.now + 40_000);
  await run(session, 'master01', `${create}/persistent_volume.yaml`);
  await advance(session.world.clock, session.now + 40_000);
  const { links, waits } = ask(session, { type: 'object', kind: 'PersistentVolumeClaim', name: 'test-claim' });
  expect(waits).toEqual([]);
  expect(links[0]!.says).toEqual({
    key: 'learner.command',
    params: { host: 'master01', command: `${create}/persistent_volume.yaml` },
  });
  expect(links.at(-1)).toMatchObject({ component: 'persistentvolume-controller' });
  session.close();
});

test('what was refused is told, and what was deleted', async () => {
  const session = await openSession(options);
  await run(session, 'master01', 'kubectl create configmap gone; kubectl delete configmap gone');
  await run(
    session,
    'master01',
    'kubectl run "no_such.name" --image=nginx; kubectl create deployment web --image=nginx -n nowhere',
  );
  const deleted = ask(session, { type: 'object', kind: 'ConfigMap', name: 'gone' });
  expect(said(deleted)).toEqual(['object.missing']);
  expect(deleted.links.map(({ says }) => says.key)).toEqual(['learner.command', 'write.deleted']);
  const refused = ask(session, { type: 'object', kind: 'Deployment', name: 'web' });
  expect(refused.links.map(({ says }) => says.key)).toEqual(['learner.command', 'act.refused']);
  expect(refused.links.at(-1)!.says.params.message).toContain('namespaces "nowhere" not found');
  session.close();
});

test('asking changes nothing, and a replay answers the same', async () => {
  const place = { lesson: 'claim', step: 'create' };
  const session = await openSession({ ...options, start: place, follow: false });
  session.input({
    type: 'keys',
    host: 'master01',
    data: "sed 's/slow/fast/' /root/kube_yaml/persistent_volume/persistent_volume_claims.yaml | kubectl create -f -\r",
  });
  await advance(session.world.clock, session.now + 30_000);
  const subjects: WhySubject[] = [
    { type: 'checkpoint', ...place, id: 'claim-bound' },
    { type: 'object', kind: 'PersistentVolume', name: 'pv0001' },
    { type: 'path', host: 'nfs', path: '/mnt/nfsserv' },
    { type: 'machine', host: 'nfs' },
  ];
  const { clock, observation } = session.world;
  const before = [session.hash(), session.world.revision, observation.version, clock.now, clock.next];
  const answers = subjects.map((subject) => ask(session, subject));
  expect([session.hash(), session.world.revision, observation.version, clock.now, clock.next]).toEqual(before);
  expect(answers[0]!.waits.at(-1)!.says.key).toBe('claim.class-unknown');
  expect(answers[0]!.links[0]!.says.params).toMatchObject({ host: 'master01' });

  // One in which nobody asked goes on as this one does, and says the same.
  const again = await openSession({ ...options, start: place, follow: false, log: session.log() });
  expect(again.hash()).toBe(session.hash());
  expect(subjects.map((subject) => ask(again, subject))).toEqual(answers);
  await advance(session.world.clock, session.now + 60_000);
  await advance(again.world.clock, again.now + 60_000);
  expect(again.hash()).toBe(session.hash());
  session.close();
  again.close();
});

test('both languages name the same things in each sentence', () => {
  const named = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [key, text] of Object.entries(english))
    expect(named(japanese[key as keyof typeof japanese]), key).toEqual(named(text));
});

test('what a quota refuses is told as long as it is so, a client’s own complaint before the server’s consent, a missing client of its machine', async () => {
  const session = await openSession(options);
  expect(said(ask(session, { type: 'machine', host: 'node01' }))).toEqual(['machine.no-client']);
  expect(said(ask(session, { type: 'machine', host: 'nfs' }))).toEqual([]);
  await run(session, 'node01', 'apt-get update; apt-get install -y nfs-common');
  await run(session, 'nfs', "mkdir -p /mnt/a; echo '/mnt/a *(rw)' > /etc/exports; exportfs -ra");
  await run(
    session,
    'master01',
    `kubectl create quota none --hard=pods=0; kubectl create deployment web --image=nginx --replicas=2`,
  );
  await advance(session.world.clock, session.now + 71_000);
  const web = ask(session, { type: 'object', kind: 'Deployment', name: 'web' }).waits.at(-1)!.says;
  expect(web.key).toBe('workload.refused');
  expect(web.params.message).toContain('exceeded quota: none');

  await run(session, 'master01', 'kubectl delete quota none');
  const volume = `kubectl create -f - <<'EOF'
apiVersion: v1
kind: PersistentVolume
metadata: {name: nine}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteMany]
  mountOptions: [nfsvers=9]
  nfs: {server: ${NFS}, path: /mnt/a}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: nine}
spec: {accessModes: [ReadWriteMany], volumeName: nine, storageClassName: "", resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: nine}
spec:
  nodeName: node01
  containers: [{name: one, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: nine}}]
EOF`;
  await run(session, 'master01', volume);
  await advance(session.world.clock, session.now + 40_000);
  expect(said(ask(session, pod('nine')))).toEqual(['pod.volume', 'pod.mount']);
  session.close();
});

test('an event that was seen again is one link, where it was seen last', async () => {
  const session = await openSession(options);
  await run(
    session,
    'master01',
    `kubectl create -f - <<'EOF'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}
EOF`,
  );
  await advance(session.world.clock, session.now + 60_000);
  const { links } = ask(session, { type: 'object', kind: 'PersistentVolumeClaim', name: 'data' });
  const failed = links.filter(({ says }) => says.key === 'write.event');
  expect(failed.map(({ says }) => says.params.reason)).toEqual(['ProvisioningFailed']);
  expect(session.now - failed[0]!.at).toBeLessThan(16_000);
});

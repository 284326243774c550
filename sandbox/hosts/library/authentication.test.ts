/** Everybody but the learner is asked: by token, by certificate, by impersonation, each as kubectl sends it. */

import { expect, test } from 'vitest';
import { createLab } from './index.ts';

/** CN=jane, O=developers, of the authority CN=kubernetes; made with openssl. */
const JANE = [
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJPRENCMzZBREFnRUNBaFFDYUVzMkdnUXp3UmJ2clFlbmpNOXFKdEVxNlRB',
  'S0JnZ3Foa2pPUFFRREFqQVYKTVJNd0VRWURWUVFEREFwcmRXSmxjbTVsZEdWek1CNFhEVEkyTVRFd01UQXdNREF3TUZvWERUTTJN',
  'REV3TVRBdwpNREF3TUZvd0pERVRNQkVHQTFVRUNnd0taR1YyWld4dmNHVnljekVOTUFzR0ExVUVBd3dFYW1GdVpUQlpNQk1HCkJ5',
  'cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSEEwSUFCSXFFRTRyTUh6N1Y4K3VyOXZXWmpQc3dRd0ZaYTZ4WkFMWE0KcHA4VmVHMkp3UTRU',
  'WXdXc3Z3ZENOWGp3OVU1QTlnaHpZS3NSZ1Y2R01JcmxzNGh2a0pNd0NnWUlLb1pJemowRQpBd0lEU0FBd1JRSWhBUEt1bTFsMEY1',
  'Tm9VQ0xkYzIrdWhsN0lkL2JvU2FXOWJpWEllUEJrVTNVUEFpQlFsOGtmClkxQnJVVlVHVkJKMmxQRW4ya2phODJLaTU5bWVXMm9Q',
  'YS9WNUJBPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=',
].join('');

async function start() {
  const lab = await createLab({ seed: 1 });
  await lab.advance('5s');
  /** What it prints, and its exit code where that is not 0. */
  return async (command: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await lab.run('master01', command);
    return stdout + stderr + (exitCode ? `exit ${exitCode}` : '');
  };
}

const FORBIDDEN = (user: string) =>
  `Error from server (Forbidden): pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "default"\nexit 1`;

test('a service account’s token may what is bound to it, and nothing when it has gone', async () => {
  const run = await start();
  await run('kubectl create serviceaccount robot');
  await run('kubectl config set-credentials robot --token=$(kubectl create token robot)');
  const account = 'system:serviceaccount:default:robot';
  expect(await run('kubectl --user=robot get pods')).toBe(FORBIDDEN(account));
  expect(await run('kubectl --user=robot auth can-i list pods')).toBe('no\nexit 1');
  const whoami = await run('kubectl --user=robot auth whoami');
  expect(whoami).toMatch(new RegExp(`^Username +${account}$`, 'm'));
  expect(whoami).toContain('[system:serviceaccounts system:serviceaccounts:default system:authenticated]');
  await run('kubectl create rolebinding robot --clusterrole=view --serviceaccount=default:robot');
  expect(await run('kubectl --user=robot get pods')).toBe('No resources found in default namespace.\n');
  expect(await run('kubectl --user=robot auth can-i --list')).toContain('pods');
  expect(await run('kubectl --user=robot create configmap x')).toContain('cannot create resource "configmaps"');
  await run('kubectl delete serviceaccount robot');
  expect(await run('kubectl --user=robot get pods')).toBe(
    'error: You must be logged in to the server (Unauthorized)\nexit 1',
  );
});

test('a token that nobody issued is refused', async () => {
  const run = await start();
  await run('kubectl config set-credentials nobody --token=guessed');
  expect(await run('kubectl --user=nobody get pods')).toBe(
    'error: You must be logged in to the server (Unauthorized)\nexit 1',
  );
});

test('a certificate is its common name and its organizations', async () => {
  const run = await start();
  await run(
    `echo ${JANE} | base64 -d > jane.crt; kubectl config set-credentials jane --client-certificate=jane.crt --client-key=jane.crt`,
  );
  expect(await run('kubectl --user=jane get pods')).toBe(FORBIDDEN('jane'));
  expect(await run('kubectl --user=jane auth whoami')).toContain('[developers system:authenticated]');
  await run('kubectl create rolebinding developers --clusterrole=edit --group=developers');
  expect(await run('kubectl --user=jane get pods')).toBe('No resources found in default namespace.\n');
  expect(await run('kubectl --user=jane get nodes')).toContain('User "jane" cannot list resource "nodes"');
});

test('whom the learner impersonates is asked, with his groups', async () => {
  const run = await start();
  expect(await run('kubectl get pods --as=jane')).toBe(FORBIDDEN('jane'));
  await run('kubectl create rolebinding developers --clusterrole=view --group=developers');
  expect(await run('kubectl get pods --as=jane --as-group=testers --as-group=developers')).toBe(
    'No resources found in default namespace.\n',
  );
  expect(await run('kubectl get pods --as=jane --as-group=system:masters')).toBe(
    'No resources found in default namespace.\n',
  );
  await run('kubectl create rolebinding accounts --clusterrole=view --group=system:serviceaccounts:default');
  expect(await run('kubectl get pods --as=system:serviceaccount:default:default')).toBe(
    'No resources found in default namespace.\n',
  );
  expect(await run('kubectl auth whoami')).toContain('kubernetes-admin');
});

test('who may not impersonate is told so', async () => {
  const run = await start();
  await run('kubectl create serviceaccount robot');
  await run('kubectl config set-credentials robot --token=$(kubectl create token robot)');
  expect(await run('kubectl --user=robot get pods --as=jane')).toBe(
    'Error from server (Forbidden): users "jane" is forbidden: User "system:serviceaccount:default:robot" cannot impersonate resource "users" in API group "" at the cluster scope\nexit 1',
  );
});

/** What a reader of each page decides for themselves: the pages take it for granted, or leave it open. */

export interface Notes {
  /** Below content/en/docs. */
  readonly page: string;
  /** Run before the first command: what the page presupposes. */
  readonly prepare?: string;
  /** Run before the commands that match. */
  readonly before?: readonly { readonly at: RegExp; readonly run: string }[];
  /** What prints the name for a `<placeholder>`. */
  readonly fill?: Readonly<Record<string, string>>;
  /** What one does in the editor, in sed's words. */
  readonly editor?: string;
  /** Where "a shell on your Node" is opened; node01 unless given. */
  readonly node?: string;
  readonly omit?: readonly { readonly command: RegExp; readonly why: string }[];
}

/** The lab provisions nothing by itself; the pages say what to do then: make the volumes by hand. */
const volumes = (count: number, size: string): string => `
for i in $(seq ${count}); do echo "
apiVersion: v1
kind: PersistentVolume
metadata: {name: volume-$i}
spec:
  capacity: {storage: ${size}}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /srv/volume-$i, type: DirectoryOrCreate}
---"; done | kubectl apply -f -`;

const ONE_NODE = 'kubectl cordon node02';
const WEB = 'https://k8s.io/examples/application/web/web.yaml';
const webIsThere = `${ONE_NODE} && ${volumes(5, '1Gi')} && kubectl apply -f ${WEB} && kubectl rollout status statefulset/web`;
const noMinikube = { command: /^minikube/, why: 'the lab is no minikube' };

export const NOTES: readonly Notes[] = [
  {
    page: 'tasks/configure-pod-container/configure-persistent-volume-storage.md',
    prepare: ONE_NODE,
  },
  {
    page: 'tutorials/stateful-application/basic-stateful-set.md',
    prepare: `${ONE_NODE} && ${volumes(5, '1Gi')}`,
  },
  {
    page: 'tasks/run-application/run-stateless-application-deployment.md',
    fill: { '<pod-name>': "kubectl get pods -l app=nginx -o jsonpath='{.items[0].metadata.name}'" },
  },
  {
    page: 'concepts/workloads/controllers/deployment.md',
    editor: 's/nginx:1.14.2/nginx:1.16.1/',
  },
  {
    page: 'tasks/run-application/run-single-instance-stateful-application.md',
    prepare: ONE_NODE,
  },
  {
    page: 'tasks/run-application/scale-stateful-set.md',
    prepare: webIsThere,
    editor: 's/replicas: [0-9]*/replicas: 3/',
    fill: {
      '<stateful-set-name>': 'echo web',
      '<new-replicas>': 'echo 4',
      '<stateful-set-file-updated>': `echo ${WEB}`,
    },
  },
  {
    page: 'tasks/run-application/delete-stateful-set.md',
  },
  {
    page: 'tasks/run-application/force-delete-stateful-set-pod.md',
    prepare: webIsThere,
    fill: { '<pod>': 'echo web-0' },
  },
  { page: 'tasks/administer-cluster/change-pv-reclaim-policy.md' },
  { page: 'tasks/configure-pod-container/configure-volume-storage.md' },
  {
    page: 'tutorials/stateful-application/mysql-wordpress-persistent-volume.md',
    prepare: `${ONE_NODE} && ${volumes(2, '20Gi')}`,
    omit: [noMinikube],
  },
  { page: 'tasks/run-application/configure-pdb.md' },
];

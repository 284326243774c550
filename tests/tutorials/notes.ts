/** What a reader of each page decides for themselves: the pages take it for granted, or leave it open. */

export interface Notes {
  /** Below content/en/docs. */
  readonly page: string;
  /** Run before the first command: what the page presupposes. */
  readonly prepare?: string;
  /** Run before the steps whose prose or command matches: what a sentence supposes has happened. */
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
const volumes = (count: number, size: string, more = ''): string => `
for i in $(seq ${count}); do echo "
apiVersion: v1
kind: PersistentVolume
metadata: {name: volume-$i}
spec: {${more} capacity: {storage: ${size}}, accessModes: [ReadWriteOnce], hostPath: {path: /srv/volume-$i}}
---"; done | kubectl apply -f -`;

const claims = (count: number, size: string): string => `
for i in $(seq ${count}); do echo "
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: claim$i}
spec: {storageClassName: manual, accessModes: [ReadWriteOnce], resources: {requests: {storage: ${size}}}}
---"; done | kubectl apply -f -`;

const ONE_NODE = 'kubectl cordon node02';
const WEB = 'https://k8s.io/examples/application/web/web.yaml';
const webIsThere = `${ONE_NODE} && ${volumes(5, '1Gi')} && kubectl apply -f ${WEB} && kubectl rollout status statefulset/web`;

const again =
  'kubectl delete hpa,deploy nginx-deployment; kubectl apply -f https://k8s.io/examples/controllers/nginx-deployment.yaml && kubectl rollout status deploy/nginx-deployment';

const SHIRTS = 'https://k8s.io/examples/customresourcedefinition';

/** "You can save the CustomResourceDefinition in a YAML file": the page's, and as it is once v1 is the stored version. */
const VERSIONED = `
for stored in v1beta1 v1; do echo "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct]}
  versions:
$(for version in v1beta1 v1; do echo "
  - name: $version
    served: true
    storage: $([ $version = $stored ] && echo true || echo false)
    schema: {openAPIV3Schema: {type: object, properties: {host: {type: string}, port: {type: string}}}}"; done)
" > $([ $stored = v1 ] && echo v1-is-stored.yaml || echo my-versioned-crontab.yaml); done`;

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
    before: [
      // "For example, you are running a Deployment with 10 replicas, maxSurge=3, and maxUnavailable=2."
      {
        at: /running a Deployment with 10 replicas/,
        run: `kubectl patch deployment/nginx-deployment -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":3,"maxUnavailable":2}}}}'`,
      },
      // "Then a new scaling request for the Deployment comes along."
      { at: /a new scaling request/, run: 'kubectl scale deployment/nginx-deployment --replicas=15' },
      // "For example, with a Deployment that was created"
      { at: /with a Deployment that was created/, run: again },
      // "Suppose you have insufficient quota."
      {
        at: /insufficient quota\. If you describe/,
        run: 'kubectl create quota object-counts --hard=pods=3 && kubectl set image deployment/nginx-deployment nginx=nginx:1.14.2 && sleep 1',
      },
      // Ten minutes are long.
      {
        at: /exceeded the progression deadline/,
        run: `kubectl patch deployment/nginx-deployment -p '{"spec":{"progressDeadlineSeconds":10}}'; sleep 4`,
      },
    ],
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
    prepare: `${ONE_NODE} && ${volumes(5, '1Gi')}`,
    before: [
      {
        at: /kubectl delete (?:-f|statefulsets)|kubectl get pods <stateful/,
        run: `kubectl apply -f ${WEB} && kubectl rollout status sts/web`,
      },
    ],
    fill: {
      '<file.yaml>': `echo ${WEB}`,
      '<statefulset-name>': 'echo web',
      '<service-name>': 'echo nginx',
      '<stateful-set-pod>': 'echo web-0',
    },
  },
  {
    page: 'tasks/run-application/force-delete-stateful-set-pod.md',
    prepare: webIsThere,
    fill: { '<pod>': 'echo web-0' },
  },
  {
    page: 'tasks/administer-cluster/change-pv-reclaim-policy.md',
    prepare: `${volumes(3, '4Gi', 'storageClassName: manual, persistentVolumeReclaimPolicy: Delete,')} && ${claims(3, '4Gi')}`,
    fill: { '<your-pv-name>': "kubectl get pvc claim3 -o jsonpath='{.spec.volumeName}'" },
  },
  {
    page: 'tasks/configure-pod-container/configure-volume-storage.md',
    // redis-server is its container's first process.
    fill: { '<pid>': 'echo 1' },
  },
  {
    page: 'tutorials/stateful-application/mysql-wordpress-persistent-volume.md',
    prepare: `${ONE_NODE} && ${volumes(2, '20Gi')}`,
    omit: [{ command: /^minikube/, why: 'the lab is no minikube' }],
  },
  {
    page: 'tasks/run-application/configure-pdb.md',
    prepare: 'curl -s https://k8s.io/examples/policy/zookeeper-pod-disruption-budget-minavailable.yaml -o mypdb.yaml',
    before: [
      {
        at: /If there are matching pods/,
        run: 'for i in 1 2 3; do kubectl run zk-$i --image=nginx --labels=app=zookeeper; done && kubectl wait pod -l app=zookeeper --for=condition=Ready',
      },
    ],
  },
  {
    page: 'tasks/extend-kubernetes/custom-resources/custom-resource-definitions.md',
    before: [
      // The section before has deleted it, the next one supposes that it is there.
      {
        at: /kubectl create --validate=false/,
        run: 'kubectl apply -f resourcedefinition.yaml && kubectl wait --for=condition=Established -f resourcedefinition.yaml && sleep 1',
      },
      // "and attempt to create it": what was made for the section before is gone.
      { at: /attempt to create it/, run: 'kubectl delete crontab my-new-cron-object' },
      // kubectl remembers for six hours which categories there are.
      { at: /kubectl get all/, run: 'kubectl api-resources' },
    ],
  },
  {
    page: 'tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning.md',
    prepare: VERSIONED,
    before: [
      // "Set `storage` to `true` for the version you want to upgrade to": the steps before this command.
      { at: /storedVersions/, run: 'kubectl apply -f v1-is-stored.yaml' },
    ],
    fill: { '<CRD_Name>': 'echo crontabs.example.com' },
    omit: [{ command: /with-conversion/, why: 'a webhook that converts would have to be running' }],
  },
  {
    page: 'concepts/extend-kubernetes/api-extension/custom-resources.md',
    prepare: `kubectl apply -f ${SHIRTS}/shirt-resource-definition.yaml && sleep 1 && kubectl apply -f ${SHIRTS}/shirt-resources.yaml`,
  },
];

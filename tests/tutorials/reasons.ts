/** Why lines differ from what the pages print: each reason, and the lines it explains. */

export interface Reason {
  /** `page`: it is out of date or wrong. `cluster`: another cluster, or another pace. `reader`: the order one reads in. `ours`: to be mended. */
  readonly kind: 'page' | 'cluster' | 'reader' | 'ours';
  /** Of lines as the report prints them: `- ` from the page, `+ ` from the lab. */
  readonly line: RegExp;
  /** Of the page's path. */
  readonly page?: RegExp;
  readonly command?: RegExp;
  /** Of another line that differs in the same output. */
  readonly beside?: RegExp;
  readonly why: string;
}

const WATCH = /-w\b|--watch/;
const DEPLOYMENT = /deployment\.md$/;
const DEFINITIONS = /custom-resource-definitions\.md$/;
const STATEFUL_SET = /basic-stateful-set\.md$/;

/** The first that fits explains a line. */
export const REASONS: readonly Reason[] = [
  {
    kind: 'page',
    line: /^[-+] \S+ ".*" deleted(?: from default namespace)?$/,
    why: '`kubectl delete` now says which namespace it deleted from',
  },
  {
    kind: 'page',
    line: /^[-+] NAME .*(?:ACCESS ?MODES|DESIRED CURRENT UP-TO-DATE|READY UP-TO-DATE)/,
    why: 'column headings of another release: ACCESS MODES and RECLAIM POLICY are two words now, claims and volumes have a VOLUMEATTRIBUTESCLASS, deployments READY instead of DESIRED and CURRENT',
  },
  {
    kind: 'cluster',
    line: /^[-+] (?:www-web-\d|mysql-pv-claim|wp-pv-claim|pvc-<uid>|volume-\d) .*(?:pvc-<uid>|volume-\d|default\/)/,
    page: /basic-stateful-set|mysql-wordpress|change-pv/,
    why: "the page's cluster provisions volumes; here they were made by hand, as the page tells those to do whose cluster does not",
  },
  {
    kind: 'page',
    line: /^[-+] \S+ (?:\d+Gi|Bound) .*(?:<unset> )?<age>$/,
    why: 'the new column VOLUMEATTRIBUTESCLASS',
  },
  {
    kind: 'page',
    line: /^\+ \S+ 0\/1 Completed |^- \S+ [01]\/1 Terminating /,
    command: WATCH,
    why: 'the kubelet now reports the end of a deleted Pod’s containers before the Pod goes, so that it is seen as Completed',
  },
  {
    kind: 'reader',
    line: /^\+ \S+ (?:1\/1 (?:Running|Terminating)|0\/1 (?:Pending|ContainerCreating)) /,
    command: WATCH,
    page: /basic-stateful-set|configure-volume-storage/,
    why: 'the watch was running before, as the page says; what it prints there comes from one that was started later',
  },
  {
    kind: 'cluster',
    line: /^- \S+ (?:1\/1 Running|0\/1 (?:Pending|ContainerCreating)) /,
    command: WATCH,
    page: STATEFUL_SET,
    why: 'states the watch did not see or saw in another order: Pods come up faster here, and which of several Pods is first is not determined',
  },
  { kind: 'page', line: /^\+ NAME READY STATUS/, command: WATCH, why: 'an excerpt without the heading' },
  {
    kind: 'page',
    line: /statefulset\.apps\/web patched|updateStrategy\.rollingUpdate: Invalid value/,
    page: STATEFUL_SET,
    why: 'validation forbids `rollingUpdate` beside OnDelete: the patch would have to set it to null too',
  },
  {
    kind: 'page',
    line: /^[-+] (?:service\/nginx|statefulset\.apps\/web) (?:created|updated|unchanged)$/,
    page: STATEFUL_SET,
    why: 'written by hand: apply reports objects in the order of the file, and says `created`, for they had just been deleted',
  },
  {
    kind: 'page',
    line: /^[-+] (?:Annotations: )?(?:deployment\.kubernetes\.io\/revision|pv\.kubernetes\.io\/\S+|Annotations: \S+?)[=:]/,
    why: 'describe now prints annotations as `key: value`',
  },
  {
    kind: 'page',
    line: /^[-+] (?:Labels: (?:app=\w+|<none>)|RollingUpdateStrategy: .*)$/,
    why: "the page's output is of another manifest than the one it applies: labels and defaults of extensions/v1beta1",
  },
  {
    kind: 'page',
    line: /^[-+] (?:Host Port: .*|Port: 3306.*|Node-Selectors: <none>|Tolerations: <none>|Finalizers: .*|VolumeMode: .*|Used By: .*|StorageClass:.*|Pod Template:|Mounts: <none>|Volumes: <none>|Environment: <none>)$/,
    why: 'lines that describe and rollout history print in other releases',
  },
  {
    kind: 'page',
    line: /^[-+] (?:No events\.|Events:|Type Reason Age From Message|---- .*|FirstSeen .*|--------- .*)$/,
    why: 'the events table of another release',
  },
  {
    kind: 'page',
    line: /^[-+] .*(?:Scaled (?:up|down) replica set|Rolled back deployment)/,
    why: "the deployment controller's events now say `from N to M`; of an undo, which is a patch by kubectl, there is none",
  },
  {
    kind: 'page',
    line: /^[-+] OldReplicaSets: /,
    why: 'describe now lists old ReplicaSets without Pods too',
  },
  {
    kind: 'cluster',
    line: /^[-+] (?:Replicas: .*|Available (?:True|False) .*|Progressing True .*)$/,
    page: /run-single-instance/,
    why: 'the page looked before the Pod was ready',
  },
  {
    kind: 'cluster',
    line: /^[-+] (?:nginx-deployment 0\/3 0 0 <age>|nginx-deployment 3\/3 3 3 <age>)$/,
    page: DEPLOYMENT,
    why: 'the page looked at once; here the Pods were there when one looked',
  },
  {
    kind: 'page',
    line: /^[-+] Waiting for (?:deployment "nginx-deployment" )?rollout to finish/,
    why: 'rollout status now names its deployment; how many lines it prints depends on the pace',
  },
  {
    kind: 'cluster',
    line: /^[-+] deployment "nginx-deployment" successfully rolled out$/,
    why: 'how many lines rollout status prints depends on the pace',
  },
  {
    kind: 'reader',
    line: /^- deployment\.apps\/nginx-deployment image updated$/,
    page: DEPLOYMENT,
    why: 'the command is offered instead of the one before, whose work is done: kubectl has nothing to say',
  },
  {
    kind: 'reader',
    line: /^- deployment\.apps\/nginx-deployment rolled back$|unable to find specified revision 2/,
    page: DEPLOYMENT,
    why: 'offered instead of the undo before, which has made revision 2 revision 4',
  },
  {
    kind: 'reader',
    line: /^[-+] (?:deployment\.apps\/nginx-deployment edited|Edit cancelled, no changes made\.)$/,
    page: DEPLOYMENT,
    why: 'offered instead of set image, which has changed the image already',
  },
  {
    kind: 'page',
    line: /^[-+] (?:deployments "nginx.*|deployment\.apps\/nginx-deployment(?: with revision #2)?|REVISION CHANGE-CAUSE)$/,
    page: DEPLOYMENT,
    why: 'rollout history now names the object by resource and group',
  },
  {
    kind: 'page',
    line: /^[-+] (?:\d (?:<none>|kubectl .*)|Annotations: kubernetes\.io\/change-cause=.*|kubernetes\.io\/change-cause=.*)$/,
    page: DEPLOYMENT,
    why: 'the commands were once given with --record, which the page no longer has; the revisions are those of the whole page',
  },
  {
    kind: 'page',
    line: /^- (?:QoS Tier:|cpu: BestEffort|memory: BestEffort|Environment Variables: <none>|No volumes\.)$/,
    page: DEPLOYMENT,
    why: 'lines of rollout history that kubectl no longer prints',
  },
  {
    kind: 'page',
    line: /^[-+] (?:deployment\.apps\/nginx-deployment scaled|horizontalpodautoscaler\.autoscaling\/nginx-deployment autoscaled|Flag --cpu-percent has been deprecated.*)$/,
    page: DEPLOYMENT,
    why: 'autoscale says which autoscaler it made; --cpu-percent is deprecated',
  },
  {
    kind: 'page',
    line: /^[-+] deployment\.apps\/nginx-deployment patched/,
    page: DEPLOYMENT,
    why: '600 seconds are the default: kubectl says that nothing changed',
  },
  {
    kind: 'page',
    line: /^[-+] (?:nginx|nginx-deployment) (?:\d+\/\d+ )?\d+ \d+ (?:\d+ )?(?:\d+ )?<age>$/,
    page: DEPLOYMENT,
    why: 'numbers and names of other columns and of another Deployment, called nginx',
  },
  {
    kind: 'page',
    line: /^\+ nginx-deployment-<hash> 0 0 0 <age>$/,
    page: DEPLOYMENT,
    why: 'ReplicaSets of revisions before are listed too',
  },
  {
    kind: 'page',
    line: /^[-+] nginx(?:-deployment)?-<hash> \d+ \d+ \d+ <age>$/,
    page: DEPLOYMENT,
    beside: /^- nginx-<hash> /,
    why: 'this section’s Deployment is called nginx, and nginx-deployment in its commands; a rollout’s steps depend on the pace',
  },
  {
    kind: 'page',
    line: /exceeded its progress deadline/,
    page: DEPLOYMENT,
    why: 'the Deployment is called nginx in this place only',
  },
  {
    kind: 'cluster',
    line: /^- /,
    page: DEPLOYMENT,
    command: /-o yaml|describe deployment nginx-deployment/,
    why: 'the page supposes a quota that is exceeded, and shows one of two Pods; here one of three was set',
  },
  {
    kind: 'page',
    line: /^[-+] Address 1: <ip>/,
    page: STATEFUL_SET,
    why: "the page's name server knew no names of Pods' addresses; CoreDNS does",
  },
  {
    kind: 'page',
    line: /^[-+] \S+ 1\/1 Running 1 /,
    command: WATCH,
    why: 'RESTARTS now says when the last one was',
  },
  {
    kind: 'page',
    line: /^[-+] (?:Waiting for pod default\/mysql-client.*|All commands and output from this session.*|mysql: \[Warning\].*)/,
    page: /run-single-instance/,
    why: 'kubectl run no longer tells what it waits for, and warns that the session is recorded; what the client said before one was attached is lost',
  },
  {
    kind: 'cluster',
    line: /^[-+] (?:root|redis) \d+ \d/,
    command: /ps aux/,
    why: 'numbers, times and sizes of other processes',
  },
  {
    kind: 'page',
    line: /^\+ wordpress-<hash>-<suffix> 1\/1 Running/,
    page: /mysql-wordpress/,
    why: "the page leaves WordPress's own Pod out",
  },
  {
    kind: 'page',
    line: /^- selfLink: ""$/,
    page: DEFINITIONS,
    why: 'lists no longer have a selfLink',
  },
  {
    kind: 'page',
    line: /Unable to list|^- find the requested resource/,
    page: DEFINITIONS,
    why: 'kubectl now writes the resource that it cannot list in words, and on one line',
  },
  {
    kind: 'page',
    line: /The CronTab "my-new-cron-object" is invalid|^- validation failure list|spec\.(?:cronSpec|replicas)(?::| in body)/,
    page: DEFINITIONS,
    command: /kubectl apply -f my-crontab\.yaml$/,
    why: 'the errors of a validation, as a release before structural schemas wrote them',
  },
  {
    kind: 'page',
    line: /^[-+] \S+(?: "my-new-cron-object")? (?:created|scaled)$/,
    page: DEFINITIONS,
    why: 'kubectl now names what it made or scaled by resource and group',
  },
  {
    kind: 'page',
    line: /^[-+] my-new-cron-object \* \* \* \* /,
    page: DEFINITIONS,
    why: 'the values are not those of the manifest that the page has one save before',
  },
  {
    kind: 'page',
    line: /^[-+] (?:NAME|service\/kubernetes|crontabs?\S*\/my-new-cron-object) /,
    page: DEFINITIONS,
    command: /kubectl get all/,
    why: 'only the custom resource is shown, by its old name; `all` lists the Service kubernetes too',
  },
  {
    kind: 'page',
    line: /^- - (?:v|foo)\d+|^\+ customresourcedefinition\S+ created$/,
    page: /custom-resource-definition-versioning/,
    why: 'the names of versions in order: no output',
  },
];

/**
 * API values as the server's internal Go types print them in JSON: every field in order, absent ones as their zero value.
 * Messages about immutable fields show these (pkg/apis/core/types.go, pkg/apis/apps/types.go).
 */

/**
 * `Name` is a pointer, slice or map (null when absent), `Name=s|i|b` a string, number or boolean,
 * `Name:T` a struct, `Name*T` a pointer to one, `Name[]T` a list of them.
 */
const SHAPES = {
  PersistentVolumeClaimSpec:
    'AccessModes Selector Resources:Amounts VolumeName=s StorageClassName VolumeMode DataSource*TypedLocalObjectReference DataSourceRef*TypedObjectReference VolumeAttributesClassName',
  Amounts: 'Limits Requests',
  TypedLocalObjectReference: 'APIGroup Kind=s Name=s',
  TypedObjectReference: 'APIGroup Kind=s Name=s Namespace',
  PersistentVolumeSource:
    'GCEPersistentDisk*GCEPersistentDisk AWSElasticBlockStore*AWSElasticBlockStore HostPath*HostPath Glusterfs NFS*NFS RBD Quobyte ISCSI FlexVolume Cinder CephFS FC Flocker AzureFile VsphereVolume AzureDisk PhotonPersistentDisk PortworxVolume ScaleIO Local*Local StorageOS CSI*CSIPersistent',
  GCEPersistentDisk: 'PDName=s FSType=s Partition=i ReadOnly=b',
  AWSElasticBlockStore: 'VolumeID=s FSType=s Partition=i ReadOnly=b',
  HostPath: 'Path=s Type',
  NFS: 'Server=s Path=s ReadOnly=b',
  Local: 'Path=s FSType',
  CSIPersistent:
    'Driver=s VolumeHandle=s ReadOnly=b FSType=s VolumeAttributes ControllerPublishSecretRef*SecretReference NodeStageSecretRef*SecretReference NodePublishSecretRef*SecretReference ControllerExpandSecretRef*SecretReference NodeExpandSecretRef*SecretReference',
  SecretReference: 'Name=s Namespace=s',
  PodSpec:
    'Volumes[]Volume InitContainers[]Container Containers[]Container EphemeralContainers RestartPolicy=s TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy=s NodeSelector ServiceAccountName=s AutomountServiceAccountToken NodeName=s SecurityContext*PodSecurityContext ImagePullSecrets[]LocalObjectReference Hostname=s Subdomain=s SetHostnameAsFQDN Affinity*Affinity SchedulerName=s Tolerations[]Toleration HostAliases[]HostAlias PriorityClassName=s Priority PreemptionPolicy DNSConfig*PodDNSConfig ReadinessGates[]ReadinessGate RuntimeClassName Overhead EnableServiceLinks TopologySpreadConstraints[]TopologySpreadConstraint OS SchedulingGates ResourceClaims Resources HostnameOverride',
  Volume:
    'Name=s HostPath*HostPath EmptyDir*EmptyDir GCEPersistentDisk*GCEPersistentDisk AWSElasticBlockStore*AWSElasticBlockStore GitRepo Secret*SecretVolume NFS*NFS ISCSI Glusterfs PersistentVolumeClaim*ClaimVolume RBD Quobyte FlexVolume Cinder CephFS Flocker DownwardAPI*DownwardAPIVolume FC AzureFile ConfigMap*ConfigMapVolume VsphereVolume AzureDisk PhotonPersistentDisk Projected*ProjectedVolume PortworxVolume ScaleIO StorageOS CSI*CSIVolume Ephemeral*EphemeralVolume Image*ImageVolume',
  EmptyDir: 'Medium=s SizeLimit',
  SecretVolume: 'SecretName=s Items[]KeyToPath DefaultMode Optional',
  ConfigMapVolume: 'Name=s Items[]KeyToPath DefaultMode Optional',
  KeyToPath: 'Key=s Path=s Mode',
  ClaimVolume: 'ClaimName=s ReadOnly=b',
  DownwardAPIVolume: 'Items[]DownwardAPIFile DefaultMode',
  DownwardAPIProjection: 'Items[]DownwardAPIFile',
  DownwardAPIFile: 'Path=s FieldRef*ObjectFieldSelector ResourceFieldRef*ResourceFieldSelector Mode',
  ObjectFieldSelector: 'APIVersion=s FieldPath=s',
  ResourceFieldSelector: 'ContainerName=s Resource=s Divisor',
  ProjectedVolume: 'Sources[]VolumeProjection DefaultMode',
  VolumeProjection:
    'Secret*NamedKeys DownwardAPI*DownwardAPIProjection ConfigMap*NamedKeys ServiceAccountToken*TokenProjection ClusterTrustBundle PodCertificate',
  NamedKeys: 'Name=s Items[]KeyToPath Optional',
  TokenProjection: 'Audience=s ExpirationSeconds=i Path=s',
  CSIVolume: 'Driver=s ReadOnly FSType VolumeAttributes NodePublishSecretRef*LocalObjectReference',
  EphemeralVolume: 'VolumeClaimTemplate*ClaimTemplate',
  ClaimTemplate: 'ObjectMeta Spec:PersistentVolumeClaimSpec',
  ImageVolume: 'Reference=s PullPolicy=s',
  LocalObjectReference: 'Name=s',
  Container:
    'Name=s Image=s Command Args WorkingDir=s Ports[]ContainerPort EnvFrom[]EnvFromSource Env[]EnvVar Resources:ResourceRequirements ResizePolicy RestartPolicy RestartPolicyRules VolumeMounts[]VolumeMount VolumeDevices[]VolumeDevice LivenessProbe*Probe ReadinessProbe*Probe StartupProbe*Probe Lifecycle*Lifecycle TerminationMessagePath=s TerminationMessagePolicy=s ImagePullPolicy=s SecurityContext*SecurityContext Stdin=b StdinOnce=b TTY=b',
  ContainerPort: 'Name=s HostPort=i ContainerPort=i Protocol=s HostIP=s',
  EnvFromSource: 'Prefix=s ConfigMapRef*OptionalRef SecretRef*OptionalRef',
  OptionalRef: 'Name=s Optional',
  EnvVar: 'Name=s Value=s ValueFrom*EnvVarSource',
  EnvVarSource:
    'FieldRef*ObjectFieldSelector ResourceFieldRef*ResourceFieldSelector ConfigMapKeyRef*KeySelector SecretKeyRef*KeySelector FileKeyRef',
  KeySelector: 'Name=s Key=s Optional',
  ResourceRequirements: 'Limits Requests Claims',
  VolumeMount: 'Name=s ReadOnly=b RecursiveReadOnly MountPath=s SubPath=s MountPropagation SubPathExpr=s',
  VolumeDevice: 'Name=s DevicePath=s',
  Probe:
    'Exec*ExecAction HTTPGet*HTTPGetAction TCPSocket*TCPSocketAction GRPC InitialDelaySeconds=i TimeoutSeconds=i PeriodSeconds=i SuccessThreshold=i FailureThreshold=i TerminationGracePeriodSeconds',
  ExecAction: 'Command',
  HTTPGetAction: 'Path=s Port Host=s Scheme=s HTTPHeaders',
  TCPSocketAction: 'Port Host=s',
  Lifecycle: 'PostStart*LifecycleHandler PreStop*LifecycleHandler StopSignal',
  LifecycleHandler: 'Exec*ExecAction HTTPGet*HTTPGetAction TCPSocket*TCPSocketAction Sleep',
  SecurityContext:
    'Capabilities*Capabilities Privileged SELinuxOptions WindowsOptions RunAsUser RunAsGroup RunAsNonRoot ReadOnlyRootFilesystem AllowPrivilegeEscalation ProcMount SeccompProfile AppArmorProfile',
  Capabilities: 'Add Drop',
  PodSecurityContext:
    'HostNetwork=b HostPID=b HostIPC=b ShareProcessNamespace HostUsers SELinuxOptions WindowsOptions RunAsUser RunAsGroup RunAsNonRoot SupplementalGroups SupplementalGroupsPolicy FSGroup FSGroupChangePolicy Sysctls SeccompProfile AppArmorProfile SELinuxChangePolicy',
  Toleration: 'Key=s Operator=s Value=s Effect=s TolerationSeconds',
  HostAlias: 'IP=s Hostnames',
  PodDNSConfig: 'Nameservers Searches Options',
  ReadinessGate: 'ConditionType=s',
  TopologySpreadConstraint:
    'MaxSkew=i TopologyKey=s WhenUnsatisfiable=s LabelSelector MinDomains NodeAffinityPolicy NodeTaintsPolicy MatchLabelKeys',
  Affinity: 'NodeAffinity*NodeAffinity PodAffinity*PodAffinity PodAntiAffinity*PodAffinity',
  NodeAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution*NodeSelector PreferredDuringSchedulingIgnoredDuringExecution[]PreferredSchedulingTerm',
  NodeSelector: 'NodeSelectorTerms[]NodeSelectorTerm',
  NodeSelectorTerm: 'MatchExpressions[]NodeSelectorRequirement MatchFields[]NodeSelectorRequirement',
  NodeSelectorRequirement: 'Key=s Operator=s Values',
  PreferredSchedulingTerm: 'Weight=i Preference:NodeSelectorTerm',
  PodAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution[]WeightedPodAffinityTerm',
  PodAffinityTerm: 'LabelSelector Namespaces TopologyKey=s NamespaceSelector MatchLabelKeys MismatchLabelKeys',
  WeightedPodAffinityTerm: 'Weight=i PodAffinityTerm:PodAffinityTerm',
  PodTemplateSpec: 'ObjectMeta Spec:PodSpec',
  VolumeAttachmentSpec: 'Attacher=s Source:VolumeAttachmentSource NodeName=s',
  VolumeAttachmentSource: 'PersistentVolumeName InlineVolumeSpec',
  DeploymentStrategy: 'Type=s RollingUpdate*RollingUpdateDeployment',
  RollingUpdateDeployment: 'MaxUnavailable MaxSurge',
  StatefulSetUpdateStrategy: 'Type=s RollingUpdate*RollingUpdateStatefulSet',
  RollingUpdateStatefulSet: 'Partition=i MaxUnavailable',
} as const;

export type Shape = keyof typeof SHAPES;

type Value = Readonly<Record<string, unknown>>;
type Field = (value: Value) => unknown;

const ZERO: Readonly<Record<string, unknown>> = { s: '', i: 0, b: false };

const compiled = new Map<string, readonly (readonly [string, Field])[]>();

/** The value as Go's struct of that type, ready for JSON.stringify. */
export function goShape(shape: Shape, value: object): Value {
  const fields = compiled.get(shape) ?? compile(shape);
  return Object.fromEntries(fields.map(([name, field]) => [name, field(value as Value)]));
}

function compile(shape: Shape): readonly (readonly [string, Field])[] {
  const fields = SHAPES[shape].split(' ').map((text) => {
    const [, name = '', mark = '', type = ''] = /^(\w+?)(?:(=|:|\*|\[\])(\w+))?$/.exec(text) ?? [];
    return [name, reader(jsonName(name), mark, type)] as const;
  });
  compiled.set(shape, fields);
  return fields;
}

function reader(key: string, mark: string, type: string): Field {
  const inner = type as Shape;
  switch (mark) {
    case '=':
      return (value) => value[key] ?? ZERO[type];
    case ':':
      return (value) => goShape(inner, (value[key] ?? {}) as Value);
    case '*':
      return (value) => (value[key] ? goShape(inner, value[key] as Value) : null);
    case '[]':
      return (value) => (value[key] as readonly Value[] | undefined)?.map((one) => goShape(inner, one)) ?? null;
    default:
      return (value) => plain(value[key]);
  }
}

/** Maps print their keys sorted. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const UNLIKE: Readonly<Record<string, string>> = { CephFS: 'cephfs', StorageOS: 'storageos', ObjectMeta: 'metadata' };

/** `DNSPolicy` is `dnsPolicy` in JSON: a leading acronym goes to lower case whole. */
const jsonName = (name: string): string =>
  UNLIKE[name] ?? name.replace(/^([A-Z]+(?=[A-Z][a-z]|$)|[A-Z])/, (head) => head.toLowerCase());

/** A pod's spec: the namespaces it shares with its host are part of the security context inside the server. */
export function goPodSpec(spec: object): Value {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext, ...rest } = spec as Value;
  const context = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, ...(securityContext as Value) };
  return goShape('PodSpec', { ...rest, securityContext: context });
}

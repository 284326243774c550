/** Kinds that the lab serves for completeness: stored, listed and shown – some held to their rules – but nothing in the cluster acts on them. */

import { humanDuration } from '../age.ts';
import type { Resource, Subresource } from '../resource.ts';
import { admissionKinds } from './admission-kinds.ts';
import { formatSelector, NONE } from './cells.ts';
import { aged, created, named, type Printed, printed, text } from './columns.ts';
import { csiStorageCapacityRules } from './csistoragecapacities.ts';
import { ingressClassRules, ingressRules, networkPolicyRules } from './networking.ts';
import { at, claimState, list, queueing, requestState, textAt, type Untyped } from './rarer-cells.ts';
import { runtimeClassRules } from './runtimeclasses.ts';
import { status } from './subresources.ts';
import { volumeAttributesClassRules } from './volumeattributesclasses.ts';

export interface Kind {
  readonly kind: string;
  /** `v1` unless it is another. */
  readonly version?: string;
  readonly name: string;
  readonly namespaced?: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly string[];
  /** Between Name and Age; undefined shows the time of creation alone. */
  readonly shown?: readonly Printed<Untyped>[];
  /** Behind Age. */
  readonly shownLast?: readonly Printed<Untyped>[];
  readonly selectableFields?: Resource['selectableFields'];
  /** Defaults, strategy and validation, of kinds that have any. */
  readonly rules?: Partial<Resource>;
}

/** A kind's rules are only ever given objects of that kind. */
const rulesOf = (rules: object): Partial<Resource> => rules as Partial<Resource>;

const EXTENSION = ['api-extensions'];

const groups: Readonly<Record<string, readonly Kind[]>> = {
  'admissionregistration.k8s.io': admissionKinds,
  'apiregistration.k8s.io': [
    {
      kind: 'APIService',
      name: 'apiservices',
      categories: EXTENSION,
      subresources: ['status'],
      shown: [
        text('Service', 'The reference to the service that hosts this API endpoint.', (object) => {
          const service = at(object, 'spec', 'service');
          return service ? `${textAt(service, 'namespace')}/${textAt(service, 'name')}` : 'Local';
        }),
        text('Available', 'Whether this service is available.', (object) => {
          const condition = list(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Available');
          const status = textAt(condition, 'status') || 'Unknown';
          return status === 'True' ? status : `${status} (${textAt(condition, 'reason')})`;
        }),
      ],
    },
  ],
  'certificates.k8s.io': [
    {
      kind: 'CertificateSigningRequest',
      name: 'certificatesigningrequests',
      shortNames: ['csr'],
      subresources: ['approval', 'status'],
      shown: [],
      shownLast: [
        text(
          'SignerName',
          'signerName indicates the requested signer, and is a qualified name.',
          (object) => textAt(object, 'spec', 'signerName') || NONE,
        ),
        text(
          'Requestor',
          'request contains an x509 certificate signing request encoded in a "CERTIFICATE REQUEST" PEM block.',
          (object) => textAt(object, 'spec', 'username'),
        ),
        text(
          'RequestedDuration',
          'expirationSeconds is the requested duration of validity of the issued certificate.',
          (object) => {
            const seconds = at(object, 'spec', 'expirationSeconds');
            return typeof seconds === 'number' ? humanDuration(seconds * 1000) : NONE;
          },
        ),
        text(
          'Condition',
          'conditions applied to the request. Known conditions are "Approved", "Denied", and "Failed".',
          requestState,
        ),
      ],
      selectableFields: { 'spec.signerName': (object) => textAt(object as Untyped, 'spec', 'signerName') },
    },
  ],
  'flowcontrol.apiserver.k8s.io': [
    {
      kind: 'FlowSchema',
      name: 'flowschemas',
      subresources: ['status'],
      shown: [
        text(
          'PriorityLevel',
          '`name` is the name of the priority level configuration being referenced Required.',
          (object) => textAt(object, 'spec', 'priorityLevelConfiguration', 'name'),
        ),
        text(
          'MatchingPrecedence',
          '`matchingPrecedence` is used to choose among the FlowSchemas that match a given request.',
          (object) => at(object, 'spec', 'matchingPrecedence') ?? 1000,
        ),
        text(
          'DistinguisherMethod',
          '`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema.',
          (object) => textAt(object, 'spec', 'distinguisherMethod', 'type') || NONE,
        ),
      ],
      shownLast: [
        text('MissingPL', 'references a broken or non-existent PriorityLevelConfiguration', (object) => {
          const dangling = list(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Dangling');
          return textAt(dangling, 'status') || '?';
        }),
      ],
    },
    {
      kind: 'PriorityLevelConfiguration',
      name: 'prioritylevelconfigurations',
      subresources: ['status'],
      shown: [
        text(
          'Type',
          '`type` indicates whether this priority level is subject to limitation on request execution.',
          (object) => textAt(object, 'spec', 'type'),
        ),
        queueing('NominalConcurrencyShares', 'nominalConcurrencyShares'),
        queueing('Queues', 'limitResponse', 'queuing', 'queues'),
        queueing('HandSize', 'limitResponse', 'queuing', 'handSize'),
        queueing('QueueLengthLimit', 'limitResponse', 'queuing', 'queueLengthLimit'),
      ],
    },
  ],
  'networking.k8s.io': [
    {
      kind: 'IngressClass',
      rules: rulesOf(ingressClassRules),
      name: 'ingressclasses',
      shown: [
        text('Controller', 'Controller that is responsible for handling this class', (object) =>
          textAt(object, 'spec', 'controller'),
        ),
        text('Parameters', 'A reference to a resource with additional parameters', (object) => {
          const of = at(object, 'spec', 'parameters');
          const group = textAt(of, 'apiGroup');
          return of ? `${textAt(of, 'kind')}${group && `.${group}`}/${textAt(of, 'name')}` : NONE;
        }),
      ],
    },
    {
      kind: 'Ingress',
      rules: rulesOf(ingressRules),
      name: 'ingresses',
      namespaced: true,
      shortNames: ['ing'],
      subresources: ['status'],
      shown: [
        text(
          'Class',
          'The name of the IngressClass resource that should be used for additional configuration',
          (object) => textAt(object, 'spec', 'ingressClassName') || NONE,
        ),
        text(
          'Hosts',
          'Hosts that incoming requests are matched against before the ingress rule',
          (object) =>
            list(object, 'spec', 'rules')
              .map((rule) => textAt(rule, 'host'))
              .filter(Boolean)
              .join(',') || '*',
        ),
        text('Address', 'Address is a list containing ingress points for the load-balancer', (object) =>
          list(object, 'status', 'loadBalancer', 'ingress')
            .map((point) => textAt(point, 'ip') || textAt(point, 'hostname'))
            .join(','),
        ),
        text('Ports', 'Ports of TLS configurations that open', (object) =>
          list(object, 'spec', 'tls').length > 0 ? '80, 443' : '80',
        ),
      ],
    },
    {
      kind: 'IPAddress',
      name: 'ipaddresses',
      shortNames: ['ip'],
      shown: [
        text('ParentRef', 'ParentRef is a reference to the resource that owns this IP address', (object) => {
          const of = at(object, 'spec', 'parentRef');
          return [textAt(of, 'resource'), textAt(of, 'namespace'), textAt(of, 'name')].filter(Boolean).join('/');
        }),
      ],
    },
    {
      kind: 'NetworkPolicy',
      rules: rulesOf(networkPolicyRules),
      name: 'networkpolicies',
      namespaced: true,
      shortNames: ['netpol'],
      shown: [
        text('Pod-Selector', 'Selects the pods to which this NetworkPolicy object applies.', (object) =>
          formatSelector(at(object, 'spec', 'podSelector') as object | undefined),
        ),
      ],
    },
    {
      kind: 'ServiceCIDR',
      name: 'servicecidrs',
      subresources: ['status'],
      shown: [
        text('CIDRs', 'CIDRs defines the IP blocks in CIDR notation from which Service IPs are assigned', (object) =>
          list(object, 'spec', 'cidrs').join(','),
        ),
      ],
    },
  ],
  'node.k8s.io': [
    {
      kind: 'RuntimeClass',
      rules: rulesOf(runtimeClassRules),
      name: 'runtimeclasses',
      shown: [
        text(
          'Handler',
          'handler specifies the underlying runtime and configuration that the CRI implementation will use',
          (object) => textAt(object, 'handler'),
        ),
      ],
    },
  ],
  'resource.k8s.io': [
    { kind: 'DeviceClass', name: 'deviceclasses', shown: [] },
    {
      kind: 'ResourceClaim',
      name: 'resourceclaims',
      namespaced: true,
      subresources: ['status'],
      shown: [text('State', 'A summary of the current state (allocated, pending, reserved, etc.).', claimState)],
    },
    { kind: 'ResourceClaimTemplate', name: 'resourceclaimtemplates', namespaced: true, shown: [] },
    {
      kind: 'ResourceSlice',
      name: 'resourceslices',
      shown: [
        text(
          'Node',
          'NodeName identifies the node which provides the resources in this pool.',
          (object) => textAt(object, 'spec', 'nodeName') || '<unset>',
        ),
        text('Driver', 'Driver identifies the DRA driver providing the capacity information.', (object) =>
          textAt(object, 'spec', 'driver'),
        ),
        text('Pool', 'Name is used to identify the pool.', (object) => textAt(object, 'spec', 'pool', 'name')),
      ],
    },
  ],
  'storage.k8s.io': [
    {
      kind: 'CSIStorageCapacity',
      name: 'csistoragecapacities',
      namespaced: true,
      rules: rulesOf(csiStorageCapacityRules),
    },
    {
      kind: 'VolumeAttributesClass',
      name: 'volumeattributesclasses',
      shortNames: ['vac'],
      rules: rulesOf(volumeAttributesClassRules),
      shown: [text('DriverName', 'Name of the CSI driver', (object) => textAt(object, 'driverName'))],
    },
  ],
};

/** Subresources of other kinds than the object's own do not occur here. */
const SUBRESOURCES: Readonly<Record<string, (kind: string) => Subresource>> = { status, approval: status };

export const rarerKinds: readonly Resource[] = Object.entries(groups).flatMap(([group, kinds]) =>
  kinds.map((kind) => resource(group, kind)),
);

function resource(
  group: string,
  { kind, version = 'v1', name, shown, shownLast = [], subresources, ...rest }: Kind,
): Resource {
  return {
    group,
    version,
    kind,
    name,
    singular: kind.toLowerCase(),
    namespaced: rest.namespaced ?? false,
    ...(rest.shortNames && { shortNames: rest.shortNames }),
    ...(rest.categories && { categories: rest.categories }),
    schema: `io.k8s.api.${group.replace(/\..*/, '')}.${version}.${kind}`,
    ...(subresources && {
      subresources: Object.fromEntries(subresources.map((one) => [one, SUBRESOURCES[one]!(kind)])),
    }),
    ...rest.rules,
    ...(rest.selectableFields && { selectableFields: rest.selectableFields }),
    ...printed<Untyped>(shown ? [named, ...shown, aged, ...shownLast] : [named, created]),
  };
}

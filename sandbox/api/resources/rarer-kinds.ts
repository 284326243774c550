/** Kinds that the lab serves for completeness: stored, listed and shown – some held to their rules – but nothing in the cluster acts on them. */

import { age, humanDuration } from '../age.ts';
import type { Column, Resource, Subresource } from '../resource.ts';
import { admissionKinds } from './admission-kinds.ts';
import { formatSelector, NONE } from './cells.ts';
import { ageColumn, createdAtColumn, nameColumn } from './columns.ts';
import { ingressClassRules, ingressRules, networkPolicyRules } from './networking.ts';
import { at, claimState, list, queueing, requestState, type Shown, text, type Untyped } from './rarer-cells.ts';
import { runtimeClassRules } from './runtimeclasses.ts';
import { status } from './subresources.ts';

export interface Kind {
  readonly kind: string;
  readonly name: string;
  readonly namespaced?: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly string[];
  /** Between Name and Age; undefined shows the time of creation alone. */
  readonly shown?: readonly Shown[];
  /** Behind Age. */
  readonly shownLast?: readonly Shown[];
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
        {
          column: 'Service',
          about: 'The reference to the service that hosts this API endpoint.',
          cell: (object) => {
            const service = at(object, 'spec', 'service');
            return service ? `${text(service, 'namespace')}/${text(service, 'name')}` : 'Local';
          },
        },
        {
          column: 'Available',
          about: 'Whether this service is available.',
          cell: (object) => {
            const condition = list(object, 'status', 'conditions').find((each) => text(each, 'type') === 'Available');
            const status = text(condition, 'status') || 'Unknown';
            return status === 'True' ? status : `${status} (${text(condition, 'reason')})`;
          },
        },
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
        {
          column: 'SignerName',
          about: 'signerName indicates the requested signer, and is a qualified name.',
          cell: (object) => text(object, 'spec', 'signerName') || NONE,
        },
        {
          column: 'Requestor',
          about: 'request contains an x509 certificate signing request encoded in a "CERTIFICATE REQUEST" PEM block.',
          cell: (object) => text(object, 'spec', 'username'),
        },
        {
          column: 'RequestedDuration',
          about: 'expirationSeconds is the requested duration of validity of the issued certificate.',
          cell: (object) => {
            const seconds = at(object, 'spec', 'expirationSeconds');
            return typeof seconds === 'number' ? humanDuration(seconds * 1000) : NONE;
          },
        },
        {
          column: 'Condition',
          about: 'conditions applied to the request. Known conditions are "Approved", "Denied", and "Failed".',
          cell: requestState,
        },
      ],
      selectableFields: { 'spec.signerName': (object) => text(object as Untyped, 'spec', 'signerName') },
    },
  ],
  'flowcontrol.apiserver.k8s.io': [
    {
      kind: 'FlowSchema',
      name: 'flowschemas',
      subresources: ['status'],
      shown: [
        {
          column: 'PriorityLevel',
          about: '`name` is the name of the priority level configuration being referenced Required.',
          cell: (object) => text(object, 'spec', 'priorityLevelConfiguration', 'name'),
        },
        {
          column: 'MatchingPrecedence',
          about: '`matchingPrecedence` is used to choose among the FlowSchemas that match a given request.',
          cell: (object) => at(object, 'spec', 'matchingPrecedence') ?? 1000,
        },
        {
          column: 'DistinguisherMethod',
          about:
            '`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema.',
          cell: (object) => text(object, 'spec', 'distinguisherMethod', 'type') || NONE,
        },
      ],
      shownLast: [
        {
          column: 'MissingPL',
          about: 'references a broken or non-existent PriorityLevelConfiguration',
          cell: (object) => {
            const dangling = list(object, 'status', 'conditions').find((each) => text(each, 'type') === 'Dangling');
            return text(dangling, 'status') || '?';
          },
        },
      ],
    },
    {
      kind: 'PriorityLevelConfiguration',
      name: 'prioritylevelconfigurations',
      subresources: ['status'],
      shown: [
        {
          column: 'Type',
          about: '`type` indicates whether this priority level is subject to limitation on request execution.',
          cell: (object) => text(object, 'spec', 'type'),
        },
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
        {
          column: 'Controller',
          about: 'Controller that is responsible for handling this class',
          cell: (object) => text(object, 'spec', 'controller'),
        },
        {
          column: 'Parameters',
          about: 'A reference to a resource with additional parameters',
          cell: (object) => {
            const of = at(object, 'spec', 'parameters');
            const group = text(of, 'apiGroup');
            return of ? `${text(of, 'kind')}${group && `.${group}`}/${text(of, 'name')}` : NONE;
          },
        },
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
        {
          column: 'Class',
          about: 'The name of the IngressClass resource that should be used for additional configuration',
          cell: (object) => text(object, 'spec', 'ingressClassName') || NONE,
        },
        {
          column: 'Hosts',
          about: 'Hosts that incoming requests are matched against before the ingress rule',
          cell: (object) =>
            list(object, 'spec', 'rules')
              .map((rule) => text(rule, 'host'))
              .filter(Boolean)
              .join(',') || '*',
        },
        {
          column: 'Address',
          about: 'Address is a list containing ingress points for the load-balancer',
          cell: (object) =>
            list(object, 'status', 'loadBalancer', 'ingress')
              .map((point) => text(point, 'ip') || text(point, 'hostname'))
              .join(','),
        },
        {
          column: 'Ports',
          about: 'Ports of TLS configurations that open',
          cell: (object) => (list(object, 'spec', 'tls').length > 0 ? '80, 443' : '80'),
        },
      ],
    },
    {
      kind: 'IPAddress',
      name: 'ipaddresses',
      shortNames: ['ip'],
      shown: [
        {
          column: 'ParentRef',
          about: 'ParentRef is a reference to the resource that owns this IP address',
          cell: (object) => {
            const of = at(object, 'spec', 'parentRef');
            return [text(of, 'resource'), text(of, 'namespace'), text(of, 'name')].filter(Boolean).join('/');
          },
        },
      ],
    },
    {
      kind: 'NetworkPolicy',
      rules: rulesOf(networkPolicyRules),
      name: 'networkpolicies',
      namespaced: true,
      shortNames: ['netpol'],
      shown: [
        {
          column: 'Pod-Selector',
          about: 'Selects the pods to which this NetworkPolicy object applies.',
          cell: (object) => formatSelector(at(object, 'spec', 'podSelector') as object | undefined),
        },
      ],
    },
    {
      kind: 'ServiceCIDR',
      name: 'servicecidrs',
      subresources: ['status'],
      shown: [
        {
          column: 'CIDRs',
          about: 'CIDRs defines the IP blocks in CIDR notation from which Service IPs are assigned',
          cell: (object) => list(object, 'spec', 'cidrs').join(','),
        },
      ],
    },
  ],
  'node.k8s.io': [
    {
      kind: 'RuntimeClass',
      rules: rulesOf(runtimeClassRules),
      name: 'runtimeclasses',
      shown: [
        {
          column: 'Handler',
          about: 'handler specifies the underlying runtime and configuration that the CRI implementation will use',
          cell: (object) => text(object, 'handler'),
        },
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
      shown: [
        {
          column: 'State',
          about: 'A summary of the current state (allocated, pending, reserved, etc.).',
          cell: claimState,
        },
      ],
    },
    { kind: 'ResourceClaimTemplate', name: 'resourceclaimtemplates', namespaced: true, shown: [] },
    {
      kind: 'ResourceSlice',
      name: 'resourceslices',
      shown: [
        {
          column: 'Node',
          about: 'NodeName identifies the node which provides the resources in this pool.',
          cell: (object) => text(object, 'spec', 'nodeName') || '<unset>',
        },
        {
          column: 'Driver',
          about: 'Driver identifies the DRA driver providing the capacity information.',
          cell: (object) => text(object, 'spec', 'driver'),
        },
        {
          column: 'Pool',
          about: 'Name is used to identify the pool.',
          cell: (object) => text(object, 'spec', 'pool', 'name'),
        },
      ],
    },
  ],
  'storage.k8s.io': [
    {
      kind: 'CSIStorageCapacity',
      name: 'csistoragecapacities',
      namespaced: true,
      shown: [
        {
          column: 'StorageClassName',
          about: 'storageClassName represents the name of the StorageClass that the reported capacity applies to.',
          cell: (object) => text(object, 'storageClassName'),
        },
        {
          column: 'Capacity',
          about: 'capacity is the value reported by the CSI driver in its GetCapacityResponse.',
          cell: (object) => text(object, 'capacity'),
        },
      ],
    },
    {
      kind: 'VolumeAttributesClass',
      name: 'volumeattributesclasses',
      shortNames: ['vac'],
      rules: { returnDeletedObject: true },
      shown: [
        {
          column: 'DriverName',
          about: 'Name of the CSI driver',
          cell: (object) => text(object, 'driverName'),
        },
      ],
    },
  ],
};

/** Subresources of other kinds than the object's own do not occur here. */
const SUBRESOURCES: Readonly<Record<string, (kind: string) => Subresource>> = { status, approval: status };

export const rarerKinds: readonly Resource[] = Object.entries(groups).flatMap(([group, kinds]) =>
  kinds.map((kind) => resource(group, kind)),
);

function resource(group: string, { kind, name, shown, shownLast = [], subresources, ...rest }: Kind): Resource {
  return {
    group,
    version: 'v1',
    kind,
    name,
    singular: kind.toLowerCase(),
    namespaced: rest.namespaced ?? false,
    ...(rest.shortNames && { shortNames: rest.shortNames }),
    ...(rest.categories && { categories: rest.categories }),
    schema: `io.k8s.api.${group.replace(/\..*/, '')}.v1.${kind}`,
    ...(subresources && {
      subresources: Object.fromEntries(subresources.map((one) => [one, SUBRESOURCES[one]!(kind)])),
    }),
    ...rest.rules,
    ...(rest.selectableFields && { selectableFields: rest.selectableFields }),
    columns: shown
      ? [nameColumn, ...shown.map(columnOf), ageColumn, ...shownLast.map(columnOf)]
      : [nameColumn, createdAtColumn],
    row: (object, { now }) =>
      shown
        ? [
            object.metadata.name,
            ...shown.map(({ cell }) => cell(object as Untyped)),
            age(object.metadata.creationTimestamp, now),
            ...shownLast.map(({ cell }) => cell(object as Untyped)),
          ]
        : [object.metadata.name, object.metadata.creationTimestamp],
  };
}

function columnOf({ column, about, type = 'string' }: Shown): Column {
  return { name: column, type, description: about, priority: 0 };
}

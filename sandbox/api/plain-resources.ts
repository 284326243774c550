/** Kinds that a cluster of this version serves and nobody acts upon here: stored as sent, without rules or columns of their own. */

import type { Resource } from './resource.ts';
import { defaultColumns } from './resources/columns.ts';

interface Plain {
  readonly kind: string;
  readonly name: string;
  readonly namespaced?: true;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Beside `status`. */
  readonly subresources?: readonly string[];
}

const EXTENSION = { categories: ['api-extensions'] } as const;

/** By group; all are v1. */
const PLAIN: Readonly<Record<string, readonly Plain[]>> = {
  'admissionregistration.k8s.io': [
    { kind: 'MutatingAdmissionPolicy', name: 'mutatingadmissionpolicies', ...EXTENSION },
    { kind: 'MutatingAdmissionPolicyBinding', name: 'mutatingadmissionpolicybindings', ...EXTENSION },
    { kind: 'MutatingWebhookConfiguration', name: 'mutatingwebhookconfigurations', ...EXTENSION },
    { kind: 'ValidatingAdmissionPolicy', name: 'validatingadmissionpolicies', ...EXTENSION, subresources: ['status'] },
    { kind: 'ValidatingAdmissionPolicyBinding', name: 'validatingadmissionpolicybindings', ...EXTENSION },
    { kind: 'ValidatingWebhookConfiguration', name: 'validatingwebhookconfigurations', ...EXTENSION },
  ],
  'apiextensions.k8s.io': [
    {
      kind: 'CustomResourceDefinition',
      name: 'customresourcedefinitions',
      shortNames: ['crd', 'crds'],
      ...EXTENSION,
      subresources: ['status'],
    },
  ],
  'apiregistration.k8s.io': [{ kind: 'APIService', name: 'apiservices', ...EXTENSION, subresources: ['status'] }],
  'certificates.k8s.io': [
    {
      kind: 'CertificateSigningRequest',
      name: 'certificatesigningrequests',
      shortNames: ['csr'],
      subresources: ['approval', 'status'],
    },
  ],
  'flowcontrol.apiserver.k8s.io': [
    { kind: 'FlowSchema', name: 'flowschemas', subresources: ['status'] },
    { kind: 'PriorityLevelConfiguration', name: 'prioritylevelconfigurations', subresources: ['status'] },
  ],
  'networking.k8s.io': [
    { kind: 'IngressClass', name: 'ingressclasses' },
    { kind: 'Ingress', name: 'ingresses', namespaced: true, shortNames: ['ing'], subresources: ['status'] },
    { kind: 'IPAddress', name: 'ipaddresses', shortNames: ['ip'] },
    { kind: 'NetworkPolicy', name: 'networkpolicies', namespaced: true, shortNames: ['netpol'] },
    { kind: 'ServiceCIDR', name: 'servicecidrs', subresources: ['status'] },
  ],
  'node.k8s.io': [{ kind: 'RuntimeClass', name: 'runtimeclasses' }],
  'resource.k8s.io': [
    { kind: 'DeviceClass', name: 'deviceclasses' },
    { kind: 'ResourceClaim', name: 'resourceclaims', namespaced: true, subresources: ['status'] },
    { kind: 'ResourceClaimTemplate', name: 'resourceclaimtemplates', namespaced: true },
    { kind: 'ResourceSlice', name: 'resourceslices' },
  ],
  'scheduling.k8s.io': [{ kind: 'PriorityClass', name: 'priorityclasses', shortNames: ['pc'] }],
  'storage.k8s.io': [
    { kind: 'CSIStorageCapacity', name: 'csistoragecapacities', namespaced: true },
    { kind: 'VolumeAttributesClass', name: 'volumeattributesclasses', shortNames: ['vac'] },
  ],
};

const READ_WRITE = ['get', 'patch', 'update'] as const;

export const plainResources: readonly Resource[] = Object.entries(PLAIN).flatMap(([group, kinds]) =>
  kinds.map((plain) => resourceOf(group, plain)),
);

function resourceOf(group: string, { kind, name, namespaced, shortNames, categories, subresources }: Plain): Resource {
  return {
    group,
    version: 'v1',
    kind,
    name,
    singular: kind.toLowerCase(),
    namespaced: namespaced ?? false,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    schema: `io.k8s.api.${group.split('.')[0]}.v1.${kind}`,
    ...(subresources && {
      subresources: Object.fromEntries(subresources.map((each) => [each, { kind, verbs: READ_WRITE }])),
    }),
    columns: defaultColumns,
    row: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  };
}

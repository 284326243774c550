/** Validation of Ingresses and their classes (pkg/apis/networking/validation/validation.go). */

import type { IIngress, IIngressClass } from 'kubernetes-models/networking.k8s.io/v1';
import type { Served } from '../../types.ts';
import { type FieldErrors, forbidden, invalid, notSupported, Problems, required, tooLong } from './errors.ts';
import { immutable } from './immutable.ts';
import { isDNS1123Label, isDNS1123Subdomain, isIP, isPathSegment, isPortName, isWildcardSubdomain } from './names.ts';
import { domainPrefixedPath, portNumber } from './numbers.ts';

export type Ingress = Served<IIngress>;
export type IngressClass = Served<IIngressClass>;
type Spec = NonNullable<Ingress['spec']>;
type Rule = NonNullable<Spec['rules']>[number];
type Path = NonNullable<Rule['http']>['paths'][number];
type Backend = Path['backend'];

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export function validateIngress(ingress: Ingress): FieldErrors {
  const problems = new Problems();
  const { spec = {}, metadata } = ingress;
  validateSpec(problems, spec);
  const annotated = metadata.annotations?.[CLASS_ANNOTATION];
  if (annotated !== undefined && spec.ingressClassName !== undefined && annotated !== spec.ingressClassName)
    problems.add(
      invalid(`annotations.${CLASS_ANNOTATION}`, annotated, 'must match `ingressClassName` when both are specified'),
    );
  return problems.list;
}

export function validateIngressUpdate({ spec = {} }: Ingress): FieldErrors {
  const problems = new Problems();
  validateSpec(problems, spec);
  return problems.list;
}

function validateSpec(problems: Problems, { rules = [], defaultBackend, tls = [], ingressClassName }: Spec): void {
  if (rules.length === 0 && !defaultBackend)
    problems.add(invalid('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  if (defaultBackend) backend(problems, defaultBackend, 'spec.defaultBackend');
  for (const [i, rule] of rules.entries()) validateRule(problems, rule, `spec.rules[${i}]`);
  for (const [i, { hosts = [], secretName }] of tls.entries()) {
    for (const [j, host] of hosts.entries()) hostName(problems, host, `spec.tls[${i}].hosts[${j}]`);
    if (secretName)
      for (const text of isDNS1123Subdomain(secretName))
        problems.add(invalid(`spec.tls[${i}].secretName`, secretName, text));
  }
  if (ingressClassName !== undefined)
    for (const text of isDNS1123Subdomain(ingressClassName))
      problems.add(invalid('spec.ingressClassName', ingressClassName, text));
}

function validateRule(problems: Problems, { host, http }: Rule, path: string): void {
  if (host) {
    if (isIP(host)) problems.add(invalid(`${path}.host`, host, 'must be a DNS name, not an IP address'));
    hostName(problems, host, `${path}.host`);
  }
  if (!http) return;
  const paths = http.paths ?? [];
  if (paths.length === 0) problems.add(required(`${path}.http.paths`));
  for (const [i, each] of paths.entries()) validatePath(problems, each, `${path}.http.paths[${i}]`);
}

function hostName(problems: Problems, host: string, path: string): void {
  const texts = host.includes('*') ? isWildcardSubdomain(host) : isDNS1123Subdomain(host);
  for (const text of texts) problems.add(invalid(path, host, text));
}

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const BAD_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const BAD_SUFFIXES = ['/..', '/.'];

function validatePath(problems: Problems, { path: url = '', pathType, backend: to }: Path, path: string): void {
  if (pathType === undefined) {
    problems.add(required(`${path}.pathType`, 'pathType must be specified'));
    return;
  }
  const complain = (text: string) => problems.add(invalid(`${path}.path`, url, text));
  switch (pathType) {
    case 'Exact':
    case 'Prefix':
      if (!url.startsWith('/')) complain('must be an absolute path');
      for (const part of BAD_SEQUENCES) if (url.includes(part)) complain(`must not contain '${part}'`);
      for (const end of BAD_SUFFIXES) if (url.endsWith(end)) complain(`cannot end with '${end}'`);
      break;
    case 'ImplementationSpecific':
      if (url && !url.startsWith('/')) complain('must be an absolute path');
      break;
    default:
      problems.add(notSupported(`${path}.pathType`, pathType, PATH_TYPES));
  }
  backend(problems, to ?? {}, `${path}.backend`);
}

function backend(problems: Problems, { resource, service }: Backend, path: string): void {
  if (resource && service) problems.add(invalid(path, '', 'cannot set both resource and service backends'));
  else if (resource) reference(problems, resource, `${path}.resource`);
  else if (service) {
    const { name, port = {} } = service;
    if (!name) problems.add(required(`${path}.service.name`));
    else for (const text of isDNS1123Label(name)) problems.add(invalid(`${path}.service.name`, name, text));
    if (port.name && port.number) problems.add(invalid(path, '', 'cannot set both port name & port number'));
    else if (port.name) {
      for (const text of isPortName(port.name)) problems.add(invalid(`${path}.service.port.name`, port.name, text));
    } else if (port.number) portNumber(problems, port.number, `${path}.service.port.number`);
    else problems.add(required(path, 'port name or number is required'));
  } else problems.add(invalid(path, '', 'resource or service backend is required'));
}

interface Reference {
  readonly apiGroup?: string | null;
  readonly kind: string;
  readonly name: string;
}

function reference(problems: Problems, given: Reference, path: string): void {
  if (typeof given.apiGroup === 'string')
    for (const text of isDNS1123Subdomain(given.apiGroup))
      problems.add(invalid(`${path}.apiGroup`, given.apiGroup, text));
  for (const field of ['kind', 'name'] as const) {
    if (!given[field]) problems.add(required(`${path}.${field}`));
    else for (const text of isPathSegment(given[field])) problems.add(invalid(`${path}.${field}`, given[field], text));
  }
}

const MAX_CONTROLLER = 250;
const SCOPES = ['Cluster', 'Namespace'];

export function validateIngressClass({ spec }: IngressClass): FieldErrors {
  const problems = new Problems();
  const { controller, parameters } = spec ?? {};
  if (!controller) problems.add(required('spec.controller'));
  else {
    if (controller.length > MAX_CONTROLLER) problems.add(tooLong('spec.controller', MAX_CONTROLLER));
    domainPrefixedPath(problems, controller, 'spec.controller');
  }
  if (!parameters) return problems.list;
  const path = 'spec.parameters';
  reference(problems, parameters, path);
  const { scope, namespace } = parameters;
  if (scope === undefined) problems.add(required(`${path}.scope`));
  else if (!SCOPES.includes(scope)) problems.add(notSupported(`${path}.scope`, scope, SCOPES));
  else if (scope === 'Cluster') {
    if (namespace !== undefined) problems.add(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  } else if (namespace === undefined)
    problems.add(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  else for (const text of isDNS1123Label(namespace)) problems.add(invalid(`${path}.namespace`, namespace, text));
  return problems.list;
}

export function validateIngressClassUpdate(ingressClass: IngressClass, before: IngressClass): FieldErrors {
  const problems = new Problems();
  immutable(problems, ingressClass.spec?.controller, before.spec?.controller, 'spec.controller');
  problems.addAll(validateIngressClass(ingressClass));
  return problems.list;
}

/** Validation of webhook configurations (pkg/apis/admissionregistration/validation, apiserver pkg/util/webhook/validation.go). */

import type { Webhook, WebhookConfiguration } from '../../admission/policy/types.ts';
import { nameProblems } from '../../registry/metadata.ts';
import { duplicate, type FieldErrors, invalid, notSupported, Problems, required } from './errors.ts';
import { matchConditions, rule } from './match-resources.ts';
import { isDNS1123Subdomain, isPortNumber, portRangeText } from './names.ts';
import { labelSelector } from './selectors.ts';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const REINVOCATION_POLICIES = ['IfNeeded', 'Never'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];

export const validateValidatingWebhooks = ({ webhooks = [] }: WebhookConfiguration): FieldErrors =>
  validate(webhooks, () => {});

export const validateMutatingWebhooks = ({ webhooks = [] }: WebhookConfiguration): FieldErrors =>
  validate(webhooks, (problems, { reinvocationPolicy: policy }, path) =>
    oneOf(problems, policy, REINVOCATION_POLICIES, `${path}.reinvocationPolicy`),
  );

type More = (problems: Problems, webhook: Webhook, path: string) => void;

function validate(webhooks: readonly Webhook[], more: More): FieldErrors {
  const problems = new Problems();
  const names = new Set<string>();
  for (const [i, webhook] of webhooks.entries()) {
    const path = `webhooks[${i}]`;
    const { name = '' } = webhook;
    one(problems, webhook, more, path);
    reviewVersions(problems, webhook.admissionReviewVersions ?? [], `${path}.admissionReviewVersions`);
    if (name && names.has(name)) problems.add(duplicate(`${path}.name`, name));
    names.add(name);
  }
  return problems.list;
}

function one(problems: Problems, webhook: Webhook, more: More, path: string): void {
  qualifiedName(problems, webhook.name ?? '', `${path}.name`);
  for (const [i, each] of (webhook.rules ?? []).entries()) rule(problems, each, `${path}.rules[${i}]`);
  oneOf(problems, webhook.failurePolicy, FAILURE_POLICIES, `${path}.failurePolicy`);
  oneOf(problems, webhook.matchPolicy, MATCH_POLICIES, `${path}.matchPolicy`);
  if (webhook.sideEffects === undefined)
    problems.add(required(`${path}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(', ')}`));
  oneOf(problems, webhook.sideEffects, SIDE_EFFECTS, `${path}.sideEffects`);
  const { timeoutSeconds: timeout } = webhook;
  if (timeout !== undefined && (timeout > 30 || timeout < 1))
    problems.add(invalid(`${path}.timeoutSeconds`, timeout, 'the timeout value must be between 1 and 30 seconds'));
  for (const field of ['namespaceSelector', 'objectSelector'] as const) {
    const selector = webhook[field];
    if (selector) labelSelector(problems, selector, `${path}.${field}`);
  }
  more(problems, webhook, path);
  clientConfig(problems, webhook.clientConfig ?? {}, `${path}.clientConfig`);
  matchConditions(problems, webhook.matchConditions ?? [], `${path}.matchConditions`, { params: false });
}

function oneOf(problems: Problems, value: string | undefined, supported: readonly string[], path: string): void {
  if (value !== undefined && !supported.includes(value)) problems.add(notSupported(path, value, supported));
}

/** IsFullyQualifiedName. */
function qualifiedName(problems: Problems, name: string, path: string): void {
  if (name === '') {
    problems.add(required(path));
    return;
  }
  const wrong = isDNS1123Subdomain(name);
  if (wrong.length > 0) {
    problems.add(invalid(path, name, wrong.join(',')));
    return;
  }
  if (name.split('.').length < 3)
    problems.add(invalid(path, name, 'should be a domain with at least three segments separated by dots'));
}

function reviewVersions(problems: Problems, versions: readonly string[], path: string): void {
  const known = REVIEW_VERSIONS.join(', ');
  if (versions.length === 0) {
    problems.add(required(path, `must specify one of ${known}`));
    return;
  }
  for (const [i, version] of versions.entries()) {
    if (versions.indexOf(version) < i) problems.add(invalid(`${path}[${i}]`, version, 'duplicate version'));
    else
      for (const text of nameProblems(version, 'dns1035label')) problems.add(invalid(`${path}[${i}]`, version, text));
  }
  if (!versions.some((version) => REVIEW_VERSIONS.includes(version)))
    problems.add(invalid(path, versions, `must include at least one of ${known}`));
}

function clientConfig(problems: Problems, { url, service }: NonNullable<Webhook['clientConfig']>, path: string): void {
  if ((url === undefined) === (service === undefined)) {
    problems.add(required(path, 'exactly one of url or service is required'));
    return;
  }
  if (url !== undefined) {
    webhookUrl(problems, url, `${path}.url`);
    return;
  }
  const { name = '', namespace = '', path: below, port } = service!;
  if (name === '') problems.add(required(`${path}.service.name`, 'service name is required'));
  if (namespace === '') problems.add(required(`${path}.service.namespace`, 'service namespace is required'));
  if (port !== undefined && !isPortNumber(port))
    problems.add(invalid(`${path}.service.port`, port, `port is not valid: ${portRangeText}`));
  if (below !== undefined) urlPath(problems, below, `${path}.service.path`);
}

function urlPath(problems: Problems, below: string, path: string): void {
  if (below === '/' || below === '') return;
  if (below === '//') {
    problems.add(invalid(path, below, 'segment[0] may not be empty'));
    return;
  }
  if (!below.startsWith('/')) problems.add(invalid(path, below, "must start with a '/'"));
  const steps = below.replace(/^\/|\/$/g, '').split('/');
  for (const [i, step] of steps.entries()) {
    if (step === '') {
      problems.add(invalid(path, below, `segment[${i}] may not be empty`));
      return;
    }
    for (const text of isDNS1123Subdomain(step)) problems.add(invalid(path, below, `segment[${i}]: ${text}`));
  }
}

/** ValidateWebhookURL. */
function webhookUrl(problems: Problems, url: string, path: string): void {
  const form = 'desired format: https://host[/path]';
  if (!URL.canParse(url)) {
    problems.add(
      required(path, `url must be a valid URL: parse ${JSON.stringify(url)}: invalid URI for request; ${form}`),
    );
    return;
  }
  const { protocol, host, username, search, hash } = new URL(url);
  if (protocol !== 'https:')
    problems.add(invalid(path, protocol.slice(0, -1), `'https' is the only allowed URL scheme; ${form}`));
  if (host === '') problems.add(invalid(path, host, `host must be specified; ${form}`));
  if (username !== '') problems.add(invalid(path, username, 'user information is not permitted in the URL'));
  if (hash !== '') problems.add(invalid(path, hash.slice(1), 'fragments are not permitted in the URL'));
  if (search !== '') problems.add(invalid(path, search.slice(1), 'query parameters are not permitted in the URL'));
}

/** MutatingAdmissionWebhook and ValidatingAdmissionWebhook: nobody in the lab answers a webhook, so a call fails as it does where nobody answers (apiserver pkg/admission/plugin/webhook). */

import { internal } from '../errors.ts';
import type { StrategyContext } from '../resource.ts';
import type { Service } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { conditionsHold, Evaluation } from './policy/evaluation.ts';
import { isExempt, matched } from './policy/matching.ts';
import type { Webhook, WebhookConfiguration } from './policy/types.ts';

type Name = Pick<Plugin, 'name' | 'operations' | 'resources'>;

const about = (name: string): Name => ({
  name,
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  resources: ['*/*'],
});

export const mutatingAdmissionWebhook: Plugin = {
  ...about('MutatingAdmissionWebhook'),
  admit: (object, attributes, context) => {
    // A call that failed once is not made again.
    if (!attributes.reinvocation) callAll('mutatingwebhookconfigurations', attributes, context);
    return object;
  },
};

export const validatingAdmissionWebhook: Plugin = {
  ...about('ValidatingAdmissionWebhook'),
  validate: (attributes, context) => callAll('validatingwebhookconfigurations', attributes, context),
};

function callAll(configurations: string, attributes: Attributes, context: StrategyContext): void {
  const all = context.list(configurations, '') as readonly WebhookConfiguration[];
  if (all.length === 0 || isExempt(attributes)) return;
  for (const { webhooks = [] } of all) for (const webhook of webhooks) call(webhook, attributes, context);
}

function call(webhook: Webhook, attributes: Attributes, context: StrategyContext): void {
  const { name, rules = [], failurePolicy, matchConditions, ...criteria } = webhook;
  const resource = rules.length > 0 && matched({ ...criteria, resourceRules: rules }, attributes, context);
  if (!resource) return;
  const holds = conditionsHold(matchConditions, () => new Evaluation(attributes, resource, {}, context));
  if (holds === false || failurePolicy === 'Ignore') return;
  const why = holds === true ? `failed to call webhook: ${silence(webhook, context)}` : holds.message;
  throw internal(`failed calling webhook ${JSON.stringify(name)}: ${why}`);
}

/** Go's words for a connection that did not come about. */
function silence({ clientConfig = {}, timeoutSeconds = 10 }: Webhook, { lookup }: StrategyContext): string {
  const { url, service } = clientConfig;
  if (!service) {
    const host = URL.canParse(url ?? '') ? new URL(url!).hostname : '';
    return `Post "${url}?timeout=${timeoutSeconds}s": dial tcp: lookup ${host}: no such host`;
  }
  const { namespace = '', name = '', path = '/', port = 443 } = service;
  const asked = `Post "https://${name}.${namespace}.svc:${port}${path}?timeout=${timeoutSeconds}s"`;
  const found = lookup('services', namespace, name) as Service | undefined;
  if (!found) return `${asked}: service ${JSON.stringify(name)} not found`;
  if (!found.spec?.ports?.some((each) => each.port === port))
    return `${asked}: no service port ${port} found for service ${JSON.stringify(name)}`;
  return `${asked}: dial tcp ${found.spec.clusterIP}:${port}: connect: connection refused`;
}

/** `kubectl create namespace|serviceaccount|quota|poddisruptionbudget|priorityclass|ingress`. */

import { isQuantity } from '../../../api/quantity.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import type { KObject } from '../../resource/info.ts';
import { generator } from './generator.ts';

const namespace = generator({
  name: 'namespace',
  aliases: ['ns'],
  flags: '',
  namespaced: false,
  *build(_, name) {
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} } as KObject;
  },
});

const serviceAccount = generator({
  name: 'serviceaccount',
  aliases: ['sa'],
  flags: '',
  namespaced: true,
  *build(_, name) {
    return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } } as KObject;
  },
});

/** `cpu=1,memory=1Gi`. */
function pairs(text: string, what: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const part of text.split(',').filter(Boolean)) {
    const [key = '', value] = part.split('=');
    if (value === undefined || part.split('=').length !== 2)
      throw new CommandError(`Invalid argument syntax ${part}, expected ${what}`);
    out[key] = value;
  }
  return out;
}

const quota = generator({
  name: 'quota',
  aliases: ['resourcequota'],
  failure: 'failed to create quota: ',
  flags: "hard='' scopes=''",
  namespaced: true,
  *build({ flags }, name) {
    const hard = flags.string('hard') ? pairs(flags.string('hard'), '<resource>=<value>') : undefined;
    for (const value of Object.values(hard ?? {})) {
      if (!isQuantity(value)) {
        throw new CommandError(
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        );
      }
    }
    const scopes = flags.string('scopes') ? flags.string('scopes').split(',') : undefined;
    return {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name },
      spec: { hard, scopes },
      status: {},
    } as KObject;
  },
});

const numberOrPercent = (text: string): number | string => (/^-?\d+$/.test(text) ? Number(text) : text);

const budget = generator({
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  flags: "max-unavailable='' min-available='' selector=''",
  namespaced: true,
  *build(session, name) {
    const { flags } = session;
    const [min, max, selector] = [
      flags.string('min-available'),
      flags.string('max-unavailable'),
      flags.string('selector'),
    ];
    if (!selector) throw new CommandError('a selector must be specified');
    if (!max && !min) throw new CommandError('one of min-available or max-unavailable must be specified');
    if (max && min) throw new CommandError('min-available and max-unavailable cannot be both specified');
    for (const [flag, value] of [
      ['min-available', min],
      ['max-unavailable', max],
    ] as const)
      if (value && !/^\d+%?$/.test(value)) throw new CommandError(`invalid format specified for ${flag}`);
    const spec = {
      maxUnavailable: max ? numberOrPercent(max) : undefined,
      minAvailable: min ? numberOrPercent(min) : undefined,
      selector: { matchLabels: pairs(selector, 'key=value') },
    };
    return {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec,
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
    } as KObject;
  },
});

const priorityClass = generator({
  name: 'priorityclass',
  aliases: ['pc'],
  flags: "description='' global-default=false preemption-policy='PreemptLowerPriority' value=0",
  namespaced: false,
  failure: 'failed to create priorityclass: ',
  *build({ flags }, name) {
    return {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      description: flags.string('description') || undefined,
      globalDefault: flags.bool('global-default') || undefined,
      preemptionPolicy: flags.string('preemption-policy'),
      value: flags.int('value'),
    } as KObject;
  },
});

/** `host/path*=service:port[,tls[=secret]]`. */
function ingressRule(text: string): { host: string; path: Record<string, unknown>; tls?: string } {
  const match = /^([\w\-.*]*)(\/[^=*]*)(\*?)=([\w-]+):([\w-]+)(?:,(tls)(?:=([\w-]+))?)?$/.exec(text);
  if (!match) {
    throw new CommandError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  }
  const [, host = '', path = '', star, name, port = '', tls, secret] = match;
  const backend = { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
  return { host, path: { backend, path, pathType: star ? 'Prefix' : 'Exact' }, tls: tls ? (secret ?? '') : undefined };
}

const ingress = generator({
  name: 'ingress',
  aliases: ['ing'],
  flags: "annotation=[]:stringArray class='' default-backend='' rule=[]:stringArray",
  namespaced: true,
  *build({ flags }, name) {
    const rules = flags.list('rule').map(ingressRule);
    const fallback = flags.string('default-backend');
    if (rules.length === 0 && !fallback)
      throw new CommandError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    if (fallback && fallback.split(':').length !== 2)
      throw new CommandError('default-backend should be in format servicename:serviceport');
    const hosts = [...new Set(rules.map((r) => r.host))];
    const [service, port = ''] = fallback.split(':');
    const tls = rules
      .filter((r) => r.tls !== undefined)
      .map((r) => ({ hosts: r.host ? [r.host] : undefined, secretName: r.tls || undefined }));
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name,
        annotations:
          flags.list('annotation').length > 0 ? pairs(flags.list('annotation').join(','), 'key=value') : undefined,
      },
      spec: {
        defaultBackend: fallback
          ? { service: { name: service, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } }
          : undefined,
        ingressClassName: flags.string('class') || undefined,
        rules: hosts.map((host) => ({
          host: host || undefined,
          http: { paths: rules.filter((r) => r.host === host).map((r) => r.path) },
        })),
        tls: tls.length > 0 ? tls : undefined,
      },
      status: { loadBalancer: {} },
    } as KObject;
  },
});

export const simple: readonly Command[] = [namespace, serviceAccount, quota, budget, priorityClass, ingress];

/** The admission chain: every write goes through the mutating plugins, then through the validating ones (apiserver pkg/admission/chain.go). */

import type { Qualified } from '../errors.ts';
import { qualified } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { StrategyContext } from '../resource.ts';
import { mutatingAdmissionWebhook, validatingAdmissionWebhook } from './admission-webhooks.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { limitRanger } from './limit-ranger.ts';
import { mutatingAdmissionPolicy } from './mutating-admission-policy.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts';
import type { Attributes, Operation, Plugin } from './plugin.ts';
import { podSecurity } from './pod-security.ts';
import { priority } from './priority.ts';
import { resourceQuota } from './resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';
import { validatingAdmissionPolicy } from './validating-admission-policy.ts';

/** In the order of AllOrderedPlugins (pkg/kubeapiserver/options/plugins.go). */
export const orderedPlugins: readonly Plugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  defaultIngressClass,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
];

interface Handling {
  readonly mutating: readonly Plugin[];
  readonly validating: readonly Plugin[];
}

export class Admission {
  readonly #context: StrategyContext;
  readonly #plugins: readonly Plugin[];
  /** Which plugins handle what. By identity, since every write asks: a definition that changes makes another resource. */
  readonly #handling: Readonly<Record<Operation, WeakMap<Qualified, Map<string, Handling>>>> = {
    CREATE: new WeakMap(),
    UPDATE: new WeakMap(),
    DELETE: new WeakMap(),
    CONNECT: new WeakMap(),
  };

  constructor(context: StrategyContext, plugins: readonly Plugin[] = orderedPlugins) {
    this.#context = context;
    this.#plugins = plugins;
  }

  /** The object as the mutating plugins, each given what the one before it made, want it. */
  admit(object: KubeObject, attributes: Attributes): KubeObject {
    const { mutating } = this.#handlers(attributes);
    const first = this.#pass(mutating, object, attributes);
    // What a policy changed may be of interest to those that came before it: they are asked once more (admission/reinvocation.go).
    return first.reinvoked
      ? this.#pass(mutating, first.object, { ...attributes, reinvocation: true }).object
      : first.object;
  }

  #pass(plugins: readonly Plugin[], object: KubeObject, attributes: Attributes) {
    let admitted = object;
    let told = attributes;
    let reinvoked = false;
    for (const plugin of plugins) {
      if (admitted !== told.object) told = { ...told, object: admitted };
      const before = admitted;
      admitted = plugin.admit!(admitted, told, this.#context);
      if (plugin.reinvokes && admitted !== before) reinvoked = true;
    }
    return { object: admitted, reinvoked };
  }

  validate(attributes: Attributes): void {
    for (const plugin of this.#handlers(attributes).validating) plugin.validate!(attributes, this.#context);
  }

  /** For what is not stored as it is sent (a binding, an eviction, a connection, a deletion): both, at once. */
  review(attributes: Attributes): void {
    for (const plugin of this.#handlers(attributes).mutating) {
      plugin.admit!(attributes.object ?? attributes.oldObject!, attributes, this.#context);
    }
    this.validate(attributes);
  }

  #handlers({ operation, resource, subresource }: Attributes): Handling {
    let bySubresource = this.#handling[operation].get(resource);
    if (!bySubresource) {
      bySubresource = new Map();
      this.#handling[operation].set(resource, bySubresource);
    }
    let handling = bySubresource.get(subresource);
    if (!handling) {
      handling = this.#select(operation, qualified(resource), subresource);
      bySubresource.set(subresource, handling);
    }
    return handling;
  }

  #select(operation: Operation, name: string, subresource: string): Handling {
    const meant = subresource ? [`${name}/${subresource}`, '*/*'] : [name, '*', '*/*'];
    const plugins = this.#plugins.filter(
      ({ operations, resources }) => operations.includes(operation) && meant.some((each) => resources.includes(each)),
    );
    return { mutating: plugins.filter(({ admit }) => admit), validating: plugins.filter(({ validate }) => validate) };
  }
}

/** An admission plugin, and what it is told of a write (apiserver pkg/admission/interfaces.go, attributes.go). */

import type { Qualified } from '../errors.ts';
import { forbidden } from '../errors.ts';
import type { KubeObject, StatusError } from '../object.ts';
import type { StrategyContext } from '../resource.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface Attributes {
  readonly operation: Operation;
  /** Group and plural name. */
  readonly resource: Qualified & { readonly collection?: string };
  /** '' for the object itself. */
  readonly subresource: string;
  /** '' of what has none. */
  readonly namespace: string;
  /** As the request says it: '' while it is still to be generated. */
  readonly name: string;
  /** What is to be; undefined for DELETE. Of a subresource of another kind (Binding, Eviction, Scale) that kind's. */
  readonly object: KubeObject | undefined;
  /** What is; undefined for CREATE. */
  readonly oldObject: KubeObject | undefined;
  readonly dryRun?: boolean;
  /** Receives the texts of `Warning:` headers. */
  readonly warn?: ((text: string) => void) | undefined;
}

export interface Plugin {
  /** Upstream's name, as `--enable-admission-plugins` takes it. */
  readonly name: string;
  readonly operations: readonly Operation[];
  /** `pods`, `deployments.apps`, `pods/resize`; `*` is every object itself, `*\/*` subresources too. */
  readonly resources: readonly string[];
  /** MutationInterface.Admit: the object as it shall be; throws StatusError to refuse. */
  admit?(object: KubeObject, attributes: Attributes, context: StrategyContext): KubeObject;
  /** ValidationInterface.Validate: throws StatusError to refuse. */
  validate?(attributes: Attributes, context: StrategyContext): void;
}

/** admission.NewForbidden: by the name the object has or will begin with. */
export function refused({ resource, name, object }: Attributes, why: string): StatusError {
  return forbidden(resource, name || object?.metadata.name || object?.metadata.generateName || 'Unknown', why);
}

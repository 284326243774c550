/** An admission plugin, and what it is told of a write (apiserver pkg/admission/interfaces.go, attributes.go). */

import type { User } from '../authenticator/user.ts';
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
  /** Who asks for it. */
  readonly user: User;
  /** The group and version that the request speaks; the stored one's unless given. */
  readonly apiVersion?: string | undefined;
  readonly manager?: string;
  /** The mutating plugins are asked a second time. */
  readonly reinvocation?: boolean;
  /** Receives the texts of `Warning:` headers. */
  readonly warn?: ((text: string) => void) | undefined;
}

export interface Plugin {
  /** Upstream's name, as `--enable-admission-plugins` takes it. */
  readonly name: string;
  readonly operations: readonly Operation[];
  /** `pods`, `deployments.apps`, `pods/resize`; `*` is every object itself, `*\/*` subresources too. */
  readonly resources: readonly string[];
  /** After it has changed something, the mutating plugins are asked once more. */
  readonly reinvokes?: boolean;
  /** MutationInterface.Admit: the object as it shall be; throws StatusError to refuse. */
  admit?(object: KubeObject, attributes: Attributes, context: StrategyContext): KubeObject;
  /** ValidationInterface.Validate: throws StatusError to refuse. */
  validate?(attributes: Attributes, context: StrategyContext): void;
}

/** The name the object has or will begin with (admission.extractResourceName). */
export const requestName = ({ name, object }: Attributes): string =>
  name || object?.metadata?.name || object?.metadata?.generateName || 'Unknown';

/** admission.NewForbidden. */
export const refused = (attributes: Attributes, why: string): StatusError =>
  forbidden(attributes.resource, requestName(attributes), why);

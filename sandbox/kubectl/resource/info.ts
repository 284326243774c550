/** One resource kubectl works on: where it is and, once read, what it is (cli-runtime pkg/resource visitor.go Info). */

import type { Mapping } from '../client/mapper.ts';
import { resourcePath } from '../client/mapper.ts';

/** An object as decoded from a manifest or from the server. */
export type KObject = { [key: string]: unknown; apiVersion?: string; kind?: string; metadata?: KMeta };

export interface KMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  managedFields?: unknown;
  finalizers?: string[];
  ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean; apiVersion: string }[];
  [key: string]: unknown;
}

export interface Info {
  readonly mapping: Mapping;
  namespace: string;
  name: string;
  /** The file it came from, for messages; '' when named on the command line. */
  readonly source: string;
  object?: KObject;
  readonly subresource: string;
}

export const infoPath = (info: Info): string => resourcePath(info.mapping, info.namespace, info.name, info.subresource);
export const collectionPath = (info: Info): string => resourcePath(info.mapping, info.namespace);

/** Takes name and namespace from what the server answered. */
export function refresh(info: Info, object: KObject): void {
  info.object = object;
  const { name, namespace } = object.metadata ?? {};
  if (name) info.name = name;
  if (namespace) info.namespace = namespace;
}

export const isList = (object: KObject): boolean => (object.kind ?? '').endsWith('List') && Array.isArray(object.items);

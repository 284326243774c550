/** The API's objects, to be looked at: what there is, and each as YAML. No request is made for it, so nothing notices. */

import type { KubeObject } from '../api/object.ts';
import type { Endpoint } from '../api/registry/registry.ts';
import type { ObjectRef } from '../channel/past.ts';
import { printYaml } from '../kubectl/yaml/print.ts';
import type { World } from './world.ts';

/** Each object once, in the version that is stored. */
export const objects = ({ api }: World): ObjectRef[] =>
  stored(api.registry.endpoints)
    .flatMap(({ resource, collection }) =>
      collection.list('').map(({ metadata }) => ({
        resource: collection.name,
        kind: resource.kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      })),
    )
    .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));

/** As `kubectl get -o yaml` prints it: without managedFields. */
export function objectYaml({ api }: World, { resource, namespace, name }: ObjectRef): string | undefined {
  const endpoint = stored(api.registry.endpoints).find(({ collection }) => collection.name === resource);
  const object = endpoint?.collection.get(namespace, name);
  if (!endpoint || !object) return undefined;
  const { managedFields: _, ...metadata } = object.metadata;
  const shown: KubeObject = { ...object, apiVersion: endpoint.apiVersion, kind: endpoint.resource.kind, metadata };
  return printYaml(shown);
}

const stored = (endpoints: readonly Endpoint[]): Endpoint[] =>
  endpoints.filter(({ resource, stored: version }) => resource === version);

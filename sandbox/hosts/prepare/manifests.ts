/** Of a manifest: the objects that there are by it, and what its Pods run. */

export interface ObjectName {
  readonly kind: string;
  readonly name: string;
}

interface PodSpec {
  readonly containers?: readonly { readonly image?: string }[];
}

/** What is read of any kind of object. */
export interface Manifest {
  readonly object: {
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly spec?: PodSpec & {
      readonly nfs?: { readonly server?: string; readonly path?: string };
      readonly replicas?: number;
      readonly template?: { readonly spec?: PodSpec };
      readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    };
  };
  /** The file that it stands in. */
  readonly text: string;
}

/** Itself, and the claims that a StatefulSet makes of its templates (statefulset's getPersistentVolumeClaimName). */
export function namesOf({ object }: Pick<Manifest, 'object'>): ObjectName[] {
  const { kind, metadata, spec = {} } = object;
  const ordinals = Array.from({ length: spec.replicas ?? 1 }, (_, i) => i);
  const claims = (spec.volumeClaimTemplates ?? []).flatMap((template) =>
    ordinals.map((i) => ({
      kind: 'PersistentVolumeClaim',
      name: `${template.metadata.name}-${metadata.name}-${i}`,
    })),
  );
  return [{ kind, name: metadata.name }, ...claims];
}

/** A Pod's own, or that of the Pods that a workload makes. */
export const podSpecsOf = ({ kind, spec }: Manifest['object']): PodSpec[] =>
  spec?.template?.spec ? [spec.template.spec] : kind === 'Pod' && spec ? [spec] : [];

export const escapedForRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

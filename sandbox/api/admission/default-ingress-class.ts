/** DefaultIngressClass: an Ingress that names no class gets the youngest default one (plugin/pkg/admission/network/defaultingressclass). */

import type { IIngress, IIngressClass } from 'kubernetes-models/networking.k8s.io/v1';
import type { KubeObject } from '../object.ts';
import type { Plugin } from './plugin.ts';

type Ingress = KubeObject & IIngress;
type IngressClass = KubeObject & IIngressClass;

/** The old way to name a class, and what marks one as the default. */
const CLASS = 'kubernetes.io/ingress.class';
const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

export const defaultIngressClass: Plugin = {
  name: 'DefaultIngressClass',
  operations: ['CREATE'],
  resources: ['ingresses.networking.k8s.io'],
  admit: (object, _, { list }) => {
    const ingress = object as Ingress;
    if (ingress.metadata.annotations?.[CLASS] !== undefined || ingress.spec?.ingressClassName !== undefined)
      return ingress;
    const classes = (list('ingressclasses', '') as readonly IngressClass[])
      .filter(({ metadata }) => metadata.annotations?.[DEFAULT] === 'true')
      .sort(byAge);
    const name = classes[0]?.metadata.name;
    return name === undefined
      ? ingress
      : ({ ...ingress, spec: { ...ingress.spec, ingressClassName: name } } as Ingress);
  },
};

function byAge({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp > b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** The things of the picture, by the layer they belong to. */

export type LayerName = 'machines' | 'workloads' | 'pods' | 'claims' | 'volumes' | 'exports';

export interface Item {
  readonly id: string;
  readonly layer: LayerName;
  readonly kind: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const itemId = (layer: LayerName, name: string): string => `${layer}/${name}`;

/** kustomize's code, loaded when a kustomization is first built. */

import { part } from '../../sim/parts.ts';

export const kustomization = part('kubectl/kustomize', () => import('./build.ts'));

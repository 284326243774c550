/** The generators of `kubectl create`: one table row a kind. */

import type { Command } from '../../cli/command.ts';
import { configMaps } from './configmap.ts';
import { rbac } from './rbac.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';
import { simple } from './simple.ts';
import { token } from './token.ts';
import { workloads } from './workloads.ts';

export const generators: readonly Command[] = [
  ...rbac,
  ...configMaps,
  ...workloads,
  ...simple,
  secret,
  service,
  token,
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** All commands in the order of kubectl's own list (kubectl pkg/cmd/cmd.go); one file each. */

import type { Command } from '../cli/command.ts';
import { annotate } from './annotate.ts';
import { apiResources, apiVersions } from './api-resources.ts';
import { apply } from './apply.ts';
import { attach } from './attach.ts';
import { auth } from './auth.ts';
import { autoscale } from './autoscale.ts';
import { certificate } from './certificate.ts';
import { clusterInfo } from './cluster-info.ts';
import { completion } from './completion.ts';
import { config } from './config/config.ts';
import { cp } from './cp.ts';
import { create } from './create.ts';
import { debug } from './debug.ts';
import { delete_ } from './delete.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { cordon, uncordon } from './drain/cordon.ts';
import { drain } from './drain/drain.ts';
import { edit } from './edit.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { expose } from './expose.ts';
import { get } from './get.ts';
import { kustomize } from './kustomize.ts';
import { label } from './label.ts';
import { logs } from './logs.ts';
import { patch } from './patch.ts';
import { plugin } from './plugin.ts';
import { portForward } from './port-forward.ts';
import { proxy } from './proxy.ts';
import { replace } from './replace.ts';
import { rollout } from './rollout/rollout.ts';
import { run } from './run.ts';
import { scale } from './scale.ts';
import { set } from './set/set.ts';
import { options, top } from './small.ts';
import { taint } from './taint.ts';
import { alpha } from './unsupported.ts';
import { version } from './version.ts';
import { wait } from './wait/wait.ts';

export const commands: readonly Command[] = [
  create,
  expose,
  run,
  set,
  explain,
  get,
  edit,
  delete_,
  rollout,
  scale,
  autoscale,
  certificate,
  clusterInfo,
  top,
  cordon,
  uncordon,
  drain,
  taint,
  describe,
  logs,
  attach,
  exec,
  portForward,
  proxy,
  cp,
  auth,
  debug,
  events,
  diff,
  apply,
  patch,
  replace,
  wait,
  kustomize,
  label,
  annotate,
  completion,
  alpha,
  apiResources,
  apiVersions,
  config,
  plugin(() => commands),
  version,
  options,
];

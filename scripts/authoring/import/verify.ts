/** A script that verifies, as checkpoints, as far as its lines ask for objects and files; what else it asks is told. */

import { type ImportedCheck, idOf, type Left } from './imported.ts';

/** What `kubectl get` calls them: the object's type, and its list's name in expressions where there is one. */
const KINDS: readonly (readonly [names: RegExp, apiVersion: string, kind: string, list?: string])[] = [
  [/^(po|pods?)$/, 'v1', 'Pod', 'everywhere.pods'],
  [/^(svc|services?)$/, 'v1', 'Service', 'everywhere.services'],
  [/^(cm|configmaps?)$/, 'v1', 'ConfigMap'],
  [/^secrets?$/, 'v1', 'Secret'],
  [/^(ns|namespaces?)$/, 'v1', 'Namespace', 'namespaces'],
  [/^(sa|serviceaccounts?)$/, 'v1', 'ServiceAccount'],
  [/^(pvc|persistentvolumeclaims?)$/, 'v1', 'PersistentVolumeClaim', 'everywhere.pvcs'],
  [/^(pv|persistentvolumes?)$/, 'v1', 'PersistentVolume', 'pvs'],
  [/^(deploy|deployments?)$/, 'apps/v1', 'Deployment', 'everywhere.deployments'],
  [/^(sts|statefulsets?)$/, 'apps/v1', 'StatefulSet', 'everywhere.statefulsets'],
  [/^(ds|daemonsets?)$/, 'apps/v1', 'DaemonSet'],
  [/^jobs?$/, 'batch/v1', 'Job'],
  [/^(sc|storageclass(es)?)$/, 'storage.k8s.io/v1', 'StorageClass', 'storageclasses'],
];
const CLUSTERED = new Set(['Namespace', 'PersistentVolume', 'StorageClass']);
const NAME = String.raw`[a-z0-9][a-z0-9.-]*`;
const QUIET = String.raw`(?:\s*(?:&?>|[12]>)\s*(?:/dev/null|&1|&2))*`;
const GET = new RegExp(
  `^(!\\s*)?(?:kubectl|k)\\s+(?:(?:-n|--namespace)[ =](${NAME})\\s+)?get\\s+([a-z]+)[ /](${NAME})(?:\\s+(?:-n|--namespace)[ =](${NAME}))?${QUIET}$`,
);
const FILE = new RegExp(
  `^(!\\s*)?(?:test|\\[\\[?)\\s+(!\\s+)?-([efds])\\s+["']?(/[\\w./-]+)["']?(?:\\s*\\]\\]?)?${QUIET}$`,
);
const GREP = new RegExp(`^(!\\s*)?grep\\s+(?:-\\w+\\s+)?["']?([\\w .:=/-]+?)["']?\\s+(/[\\w./-]+)${QUIET}$`);
const IDLE = /^(#.*|set [-+]\S+.*|exit 0|true|sleep \S+|fi|then|else)?$/;

export function checksOf(script: string, where: string, left: Left): ImportedCheck[] {
  const checks: ImportedCheck[] = [];
  const taken = new Set<string>();
  for (const raw of script.replaceAll('\r\n', '\n').replaceAll('\\\n', ' ').split('\n'))
    for (const part of raw.trim().split(/\s*&&\s*/)) {
      const line = part.replace(/\s*\|\|\s*exit\s+[1-9]\d*\s*;?$/, '').trim();
      if (IDLE.test(line)) continue;
      const check = checkOf(line);
      if (!check) {
        left.add(where, `the line "${line}": write a checkpoint for what it asks`);
        continue;
      }
      const id = idOf(check.id, taken);
      taken.add(id);
      checks.push({ ...check, id });
    }
  return checks;
}

const quoted = (text: string): string => JSON.stringify(text);

function checkOf(line: string): ImportedCheck | undefined {
  const get = GET.exec(line);
  if (get) return objectCheck(Boolean(get[1]), get[3]!, get[4]!, get[2] ?? get[5]);
  const file = FILE.exec(line);
  if (file) {
    const [, not, negated, flag, path] = file;
    const gone = Boolean(not) !== Boolean(negated);
    const call = flag === 'd' ? 'isDirectory' : 'exists';
    return {
      id: path!.split('/').at(-1)!,
      says: `\`${path}\` is ${gone ? 'gone' : 'there'}`,
      expr: `${gone ? '!' : ''}${call}('master01', ${quoted(path!)})`,
    };
  }
  const grep = GREP.exec(line);
  if (!grep) return undefined;
  const [, not, text, path] = grep;
  return {
    id: path!.split('/').at(-1)!,
    says: `\`${path}\` has ${not ? 'no ' : ''}\`${text}\` in it`,
    expr: `${not ? '!' : ''}file('master01', ${quoted(path!)}).contains(${quoted(text!)})`,
  };
}

function objectCheck(gone: boolean, resource: string, name: string, namespace = 'default'): ImportedCheck | undefined {
  const found = KINDS.find(([names]) => names.test(resource));
  if (!found) return undefined;
  const [, apiVersion, kind, list] = found;
  const clustered = CLUSTERED.has(kind);
  const says = `The ${kind} \`${name}\`${clustered || namespace === 'default' ? '' : ` in \`${namespace}\``} is ${gone ? 'gone' : 'there'}`;
  if (!gone) {
    const metadata = clustered || namespace === 'default' ? { name } : { name, namespace };
    return { id: name, says, assert: { apiVersion, kind, metadata } };
  }
  if (!list) return undefined;
  const where = clustered ? '' : ` && o.metadata.namespace == ${quoted(namespace)}`;
  return { id: `no-${name}`, says, expr: `!${list}.exists(o, o.metadata.name == ${quoted(name)}${where})` };
}

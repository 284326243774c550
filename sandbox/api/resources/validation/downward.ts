/** References to a pod's own fields and a container's resources (validateObjectFieldSelector, validateContainerResourceFieldSelector). */

import { canonicalQuantity } from '../../quantity.ts';
import { invalid, notSupported, type Problems, required } from './errors.ts';
import { isQualifiedName } from './names.ts';

interface FieldRef {
  readonly fieldPath?: string;
}

interface ResourceRef {
  readonly containerName?: string;
  readonly resource?: string;
  readonly divisor?: string | number;
}

/** What ConvertDownwardAPIFieldLabel knows. */
const LABELS = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.host',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);

/** `fields` are those allowed without a subscript. */
export function fieldSelector(
  problems: Problems,
  { fieldPath }: FieldRef,
  fields: readonly string[],
  path: string,
): void {
  if (!fieldPath) {
    problems.add(required(`${path}.fieldPath`));
    return;
  }
  const [, map, key] = /^([^[]+)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (map !== undefined && key !== undefined) {
    if (map === 'metadata.annotations' || map === 'metadata.labels') {
      const name = map === 'metadata.annotations' ? key.toLowerCase() : key;
      for (const text of isQualifiedName(name)) problems.add(invalid(path, name, text));
    } else conversion(problems, fieldPath, `field label does not support subscript: ${fieldPath}`, path);
  } else if (!LABELS.has(fieldPath)) conversion(problems, fieldPath, `field label not supported: ${fieldPath}`, path);
  else if (fieldPath !== 'spec.host' && !fields.includes(fieldPath))
    problems.add(notSupported(`${path}.fieldPath`, fieldPath, fields));
}

const conversion = (problems: Problems, fieldPath: string, text: string, path: string): void =>
  problems.add(invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${text}`));

const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const BYTES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** A volume says of which container. */
export function resourceSelector(problems: Problems, ref: ResourceRef, path: string, ofVolume = false): void {
  const { containerName, resource = '', divisor } = ref;
  const isHugePage = /^(limits|requests)\.hugepages-/.test(resource);
  if (ofVolume && !containerName) problems.add(required(`${path}.containerName`));
  else if (!resource) problems.add(required(`${path}.resource`));
  else if (!RESOURCES.includes(resource) && !isHugePage)
    problems.add(notSupported(`${path}.resource`, resource, RESOURCES));
  if (divisor === undefined || canonicalQuantity(divisor) === '0') return;
  const kind = isHugePage ? 'hugepages' : resource.slice(resource.indexOf('.') + 1);
  const [divisors, text] = DIVISORS[kind] ?? [undefined, ''];
  if (divisors && !divisors.includes(canonicalQuantity(divisor)))
    problems.add(invalid(`${path}.divisor`, resource, `only divisor's values ${text}`));
}

const DIVISORS: Readonly<Record<string, readonly [readonly string[], string]>> = {
  cpu: [['1m', '1'], '1m and 1 are supported with the cpu resource'],
  memory: [BYTES, `${BYTES.join(', ')} are supported with the memory resource`],
  'ephemeral-storage': [BYTES, `${BYTES.join(', ')} are supported with the local ephemeral storage resource`],
  hugepages: [BYTES, `${BYTES.join(', ')} are supported with the hugepages resource`],
};

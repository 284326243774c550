/** jsonpatch.escapeKey, for paths of JSON patches (apiserver pkg/cel/library/jsonpatch.go). */

import type { Environment } from '@marcbachmann/cel-js';

class JsonPatches {}

export function patches(environment: Environment): void {
  environment
    .registerType('kubernetes.JSONPatches', JsonPatches)
    .registerConstant('jsonpatch', 'kubernetes.JSONPatches', new JsonPatches())
    .registerFunction('kubernetes.JSONPatches.escapeKey(string): string', (_: JsonPatches, key: string) =>
      key.replaceAll('~', '~0').replaceAll('/', '~1'),
    );
}

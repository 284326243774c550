/** Which kinds kubectl has Go types for (kubectl pkg/scheme): commands that ask for them can read no others. */

import { schemaFor } from '../apply/schema.ts';
import { CommandError } from '../cli/errors.ts';
import type { Mapping } from '../client/mapper.ts';
import { quote } from '../text.ts';
import type { KObject } from './info.ts';

const SCHEME = 'pkg/scheme/scheme.go:28';

/** runtime.NewNotRegisteredErrForKind. */
export function unregistered({ kind = '', apiVersion = '' }: KObject, mapping: Mapping): Error | undefined {
  if (schemaFor(mapping)) return undefined;
  return new CommandError(
    `no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(SCHEME)}`,
  );
}

/** The three-way patch of client-side apply (kubectl pkg/cmd/apply/patcher.go). */

import type { JsonObject } from '../../api/object.ts';
import { createThreeWayJsonMergePatch, mergePatch } from '../../api/patch/merge.ts';
import { strategicMerge } from '../../api/patch/strategic.ts';
import { createThreeWayMergePatch } from '../../api/patch/strategic-diff.ts';

import type { Task } from '../../sim/task.ts';
import { isConflict } from '../cli/errors.ts';
import { patchObject, type WriteOptions } from '../client/helper.ts';
import { compactJson } from '../printers/json.ts';
import { type Info, infoPath, type KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { originalConfiguration } from './last-applied.ts';
import { schemaFor } from './schema.ts';

const MAX_RETRIES = 5;
const RETRIES_BEFORE_BACK_OFF = 1;
const BACK_OFF = 1000;

export interface Patched {
  /** As it was sent; `{}` when there was nothing to do. */
  readonly patch: string;
  readonly object: KObject;
}

/** A patch and what failed with it. */
export class PatchFailure extends Error {
  readonly patch: string;
  readonly reason: unknown;
  constructor(patch: string, reason: unknown) {
    super('patch failed');
    this.patch = patch;
    this.reason = reason;
  }
}

/** Throws PatchFailure. */
export function* applyPatch(session: Session, info: Info, modified: KObject, options: WriteOptions): Task<Patched> {
  let current = info.object!;
  for (let attempt = 0; ; attempt++) {
    const { patch, type } = threeWayPatch(info, current, modified);
    if (patch === '{}') return { patch, object: current };
    try {
      return { patch, object: yield* patchObject(session, info, type, patch, options) };
    } catch (error) {
      if (!isConflict(error) || attempt >= MAX_RETRIES) throw new PatchFailure(patch, error);
    }
    if (attempt >= RETRIES_BEFORE_BACK_OFF) yield* session.environment.sleep(BACK_OFF);
    current = yield* (yield* session.client()).json<KObject>('GET', infoPath(info));
  }
}

/** What --dry-run=client prints. */
export function applyLocally(info: Info, modified: KObject): Patched {
  const current = info.object!;
  const { patch, type } = threeWayPatch(info, current, modified);
  if (patch === '{}') return { patch, object: current };
  const body = JSON.parse(patch) as JsonObject;
  const schema = schemaFor(info.mapping);
  const merged =
    type === 'strategic' && schema
      ? strategicMerge(current as JsonObject, body, schema)
      : mergePatch(current as JsonObject, body);
  return { patch, object: merged as KObject };
}

function threeWayPatch(
  info: Info,
  current: KObject,
  modified: KObject,
): { patch: string; type: 'strategic' | 'merge' } {
  const text = originalConfiguration(current);
  const original = (text ? JSON.parse(text) : {}) as JsonObject;
  const schema = schemaFor(info.mapping);
  const [after, now] = [modified as JsonObject, current as JsonObject];
  const patch = schema
    ? createThreeWayMergePatch(original, after, now, schema)
    : createThreeWayJsonMergePatch(original, after, now);
  return { patch: compactJson(patch), type: schema ? 'strategic' : 'merge' };
}

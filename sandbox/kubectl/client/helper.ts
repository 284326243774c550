/** Writes to the API server for one resource (cli-runtime pkg/resource/helper.go). */

import type { Task } from '../../sim/task.ts';
import { CommandError } from '../cli/errors.ts';
import { compactJson } from '../printers/json.ts';
import type { DryRun } from '../printers/output.ts';
import { collectionPath, type Info, infoPath, type KObject, refresh } from '../resource/info.ts';
import type { Session } from '../session.ts';
import type { ApiClient, Query } from './client.ts';

export interface WriteOptions {
  readonly dryRun?: DryRun;
  readonly fieldManager?: string;
  /** `Strict`, `Warn`, `Ignore`. */
  readonly fieldValidation?: string;
  readonly force?: boolean;
}

function queryOf(options: WriteOptions): [string, string][] {
  const query: [string, string][] = [];
  if (options.dryRun === 'server') query.push(['dryRun', 'All']);
  if (options.fieldManager) query.push(['fieldManager', options.fieldManager]);
  if (options.fieldValidation) query.push(['fieldValidation', options.fieldValidation]);
  if (options.force !== undefined) query.push(['force', String(options.force)]);
  return query;
}

/** All items of a list, page by page (client-go tools/pager). */
export function* allPages<T>(client: ApiClient, path: string, query: Query): Task<T[]> {
  const items: T[] = [];
  let token = '';
  do {
    const page = yield* client.json<{ metadata?: { continue?: string }; items: T[] }>('GET', path, {
      query: token ? [...query, ['continue', token]] : query,
    });
    items.push(...page.items);
    token = page.metadata?.continue ?? '';
  } while (token);
  return items;
}

export function* createObject(session: Session, info: Info, object: KObject, options: WriteOptions): Task<KObject> {
  const client = yield* session.client();
  const body = compactJson({ ...object, metadata: { ...object.metadata, resourceVersion: undefined } });
  return yield* client.json<KObject>('POST', collectionPath(info), { query: queryOf(options), body });
}

export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

export const CONTENT_TYPES: Readonly<Record<PatchType, string>> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

export function* patchObject(
  session: Session,
  info: Info,
  type: PatchType,
  body: string,
  options: WriteOptions,
): Task<KObject> {
  if (!info.name) throw new CommandError('resource name may not be empty');
  const client = yield* session.client();
  return yield* client.json<KObject>('PATCH', infoPath(info), {
    query: queryOf(options),
    body,
    contentType: CONTENT_TYPES[type],
  });
}

/** PUT; without a resourceVersion the current one is taken, as with `overwrite`. */
export function* replaceObject(session: Session, info: Info, object: KObject, options: WriteOptions): Task<KObject> {
  const client = yield* session.client();
  let body = object;
  if (!object.metadata?.resourceVersion) {
    const current = yield* client.json<KObject>('GET', infoPath(info));
    body = { ...object, metadata: { ...object.metadata, resourceVersion: current.metadata?.resourceVersion } };
  }
  return yield* client.json<KObject>('PUT', infoPath(info), { query: queryOf(options), body: compactJson(body) });
}

export interface DeletionOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: DryRun;
}

/** The object while it is still going, or a Status. */
export function* deleteObject(session: Session, info: Info, options: DeletionOptions): Task<KObject> {
  const client = yield* session.client();
  const { gracePeriodSeconds, propagationPolicy } = options;
  const body = compactJson({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds,
    propagationPolicy,
    ...(options.dryRun === 'server' ? { dryRun: ['All'] } : {}),
  });
  return yield* client.json<KObject>('DELETE', infoPath(info), { query: queryOf({ dryRun: options.dryRun }), body });
}

/** Creates and keeps the answer in the info. */
export function* createAndRefresh(session: Session, info: Info, options: WriteOptions): Task<void> {
  refresh(info, yield* createObject(session, info, info.object!, options));
}

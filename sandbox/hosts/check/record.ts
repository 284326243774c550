/** How a cluster was when steps of lessons began: what `before` and `began` say to checkpoints, kept in a file between two checks. */

import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { KubeObject } from '../../api/object.ts';
import type { ResourceName } from '../../api/types.ts';
import { LISTS, type Listed } from '../../lesson/expressions.ts';
import type { Sight } from '../../lesson/judgement.ts';
import { problemsOf } from '../../lesson/schema.ts';
import { UsageError } from '../library/errors.ts';
import type { ClusterObservation } from './observation.ts';

const object = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });
const schema = z.strictObject({
  version: z.literal(1),
  server: z.string().describe('The cluster it is of'),
  began: z
    .record(z.string(), z.record(z.string(), z.array(object)))
    .describe('By LESSON/STEP: the objects there were, by resource'),
});
type Content = z.infer<typeof schema>;

export class Beginnings {
  readonly #file: string | undefined;
  readonly #content: Content;
  #changed = false;

  private constructor(file: string | undefined, content: Content) {
    this.#file = file;
    this.#content = content;
  }

  /** Without a file nothing is remembered. Throws UsageError where the file is no such record, or another cluster's. */
  static open(file: string | undefined, server: string): Beginnings {
    const fresh: Content = { version: 1, server, began: {} };
    if (file === undefined) return new Beginnings(file, fresh);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') throw new UsageError(`--state: ${message}`);
      return new Beginnings(file, fresh);
    }
    const content = contentOf(file, text);
    if (content.server !== server)
      throw new UsageError(`--state: ${file} is of the cluster at ${content.server}, not of ${server}`);
    return new Beginnings(file, content);
  }

  /** Notes how things are now, unless the step has begun before. */
  async begin(step: string, world: ClusterObservation): Promise<void> {
    if (this.#file === undefined || Object.hasOwn(this.#content.began, step)) return;
    const noted: Record<string, KubeObject[]> = {};
    for (const resource of Object.values(LISTS)) {
      const objects = await world.all(resource);
      if (objects) noted[resource] = objects.map(withoutManagers);
    }
    this.#content.began[step] = noted as unknown as Content['began'][string];
    this.#changed = true;
  }

  /** What `lists` reads of a step's beginning; of what is not known `cannot` is told. */
  of(step: string, cannot: (sight: Sight) => never): Listed {
    const noted = this.#content.began[step];
    const unknown = () => cannot({ kind: 'before', step });
    const list = (resource: ResourceName) => (noted && Object.hasOwn(noted, resource) ? noted[resource]! : unknown());
    return {
      list: list as unknown as Listed['list'],
      exports: unknown,
      listed: unknown,
      mounts: unknown,
      get serving() {
        return unknown();
      },
    };
  }

  /** Throws UsageError where it cannot be written. */
  save(): void {
    if (!this.#changed) return;
    try {
      writeFileSync(this.#file!, `${JSON.stringify(this.#content)}\n`, { mode: 0o600 });
    } catch (error) {
      throw new UsageError(`--state: ${(error as Error).message}`);
    }
  }
}

function contentOf(file: string, text: string): Content {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`--state: ${file} is not JSON`);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw new UsageError(`--state: ${file} is no record of beginnings: ${problemsOf(read.error)}`);
  return read.data;
}

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The golden transcripts: what a real cluster answered, command by command (testdata/README.md). */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const TRANSCRIPTS = [
  'article',
  'errors',
  'scenarios',
  'beyond',
  'nodedown',
  'crd',
  'raw-crd',
  'admission',
  'ownership',
  'ownership-oos',
  'ownership-sixmin',
  'snapshot',
] as const;

export interface RecordedCommand {
  readonly n: number;
  readonly stage: string;
  /** With an `EDITOR` in `env`: that script's body. */
  readonly why?: string;
  /** Written before the command, relative to the scratch folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the recorder did after the command before, without writing down what was answered. */
  readonly silent?: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cmd: string;
  readonly stdout: string;
  readonly stderr: string;
  /** `signal SIGKILL` where the recorder ended a command that would not end. */
  readonly rc: number | string;
  readonly ms: number;
  readonly at: string;
}

export interface RecordedExchange {
  readonly n: number;
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly status: number;
  readonly warning?: string;
  readonly response: unknown;
}

export const transcript = (name: string): RecordedCommand[] => lines(name);
export const exchanges = (): RecordedExchange[] => lines('raw');

function lines<T>(name: string): T[] {
  const file = new URL(`testdata/${name}.jsonl.gz`, import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

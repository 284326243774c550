/** Replays the recorded HTTP exchanges against a fresh cluster. */

import { serveCluster } from './cluster.ts';
import { lateControllers } from './late-controllers.ts';
import { normalisedAnswer } from './raw-normalise.ts';
import { exchanges, type RecordedExchange } from './transcript.ts';

export interface ExchangeOutcome {
  readonly recorded: RecordedExchange;
  readonly agrees: boolean;
  readonly expected: string;
  readonly actual: string;
}

/**
 * The recording has no times of its own, but its answers have: these exchanges came so many milliseconds after the first
 * of them (by creationTimestamp, managedFields and ages; the recorder slept before 41, 43, 45 and 105, and 98 waited the
 * three seconds an API server waits for a revision to come). Those between follow at the pace of the wire.
 */
const CAME_AT: ReadonlyMap<number, number> = new Map([
  [19, 0],
  [39, 1_200],
  [41, 2_500],
  [42, 5_300],
  [44, 5_400],
  [45, 8_700],
  [58, 9_200],
  [62, 9_450],
  [98, 9_800],
  [99, 12_900],
  [105, 18_300],
  [118, 19_100],
]);
const STEP_MS = 3;

/** The recorded plane began at 20:15:58; its controller manager's first writes are of 20:16:01, its scheduler's and its binder's of 20:16:02. */
const START = Date.UTC(2026, 10, 22, 20, 16);
const BEGINNINGS = { headStart: 1_000, startPlane: lateControllers(START + 2_050) };

const WATCH_MS = 600;

/** The recorded plane's distribution published this one in every namespace; the recording's rows that named it were removed. */
const EXTRA = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'openshift-service-ca.crt' } };

export async function* replayExchanges(): AsyncGenerator<ExchangeOutcome> {
  const cluster = await serveCluster(START, BEGINNINGS);
  const ours = new Translation();
  try {
    await send(cluster.url, {
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      accept: 'application/json',
      contentType: 'application/json',
      body: EXTRA,
    });
    let at = -1_000;
    for (const recorded of exchanges()) {
      at = CAME_AT.get(recorded.n) ?? at + STEP_MS;
      await cluster.pace.reach(START + at);
      const answer = await send(cluster.url, ours.request(recorded));
      ours.learn(recorded.response, answer.response);
      const expected = told(recorded, recorded);
      const actual = told(recorded, answer);
      yield { recorded, agrees: expected === actual, expected, actual };
    }
  } finally {
    cluster.close();
  }
}

/** Uids and revisions of the recording that a later request sends again, as ours. */
class Translation {
  readonly #ours = new Map<string, string>();

  learn(recorded: unknown, answer: unknown): void {
    const [theirs, mine] = [metadataOf(recorded), metadataOf(answer)];
    for (const name of ['uid', 'resourceVersion'] as const) {
      const [from, to] = [theirs?.[name], mine?.[name]];
      if (from && to) this.#ours.set(`${name}=${from}`, to);
    }
  }

  request(recorded: RecordedExchange): RecordedExchange {
    const metadata = metadataOf(recorded.body);
    if (!metadata?.uid) return recorded;
    const { uid, resourceVersion } = metadata;
    const translated = {
      ...metadata,
      uid: this.#ours.get(`uid=${uid}`) ?? uid,
      ...(resourceVersion && {
        resourceVersion: this.#ours.get(`resourceVersion=${resourceVersion}`) ?? resourceVersion,
      }),
    };
    return { ...recorded, body: { ...(recorded.body as object), metadata: translated } };
  }
}

const metadataOf = (value: unknown): { readonly uid?: string; readonly resourceVersion?: string } | undefined =>
  (value as { metadata?: { uid?: string; resourceVersion?: string } } | null | undefined)?.metadata;

type Request = Pick<RecordedExchange, 'method' | 'path' | 'accept' | 'contentType' | 'body'>;
type Told = Pick<RecordedExchange, 'status' | 'response' | 'warning'>;

async function send(url: string, { method, path, accept, contentType, body }: Request): Promise<Told> {
  const watch = path.includes('watch=1');
  const response = await fetch(url + path, {
    method,
    headers: { accept, 'user-agent': 'kubectl/v1.35.2', ...(contentType && { 'content-type': contentType }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const warning = response.headers.get('warning') ?? undefined;
  const response_ = watch ? events(await readFor(response, WATCH_MS)) : parsed(await response.text());
  return { status: response.status, response: response_, ...(warning !== undefined && { warning }) };
}

async function readFor(response: Response, ms: number): Promise<string> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const late = new Promise<{ done: true; value: undefined }>((resolve) =>
    setTimeout(() => resolve({ done: true, value: undefined }), ms),
  );
  let text = '';
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), late]);
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  void reader.cancel();
  return text;
}

/** A watch as the recorder wrote it down: nothing, one event, or a list of them. */
function events(text: string): unknown {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.length > 1 ? lines.map(parsed) : parsed(lines[0] ?? '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const told = ({ path }: RecordedExchange, { status, warning, response }: Told): string =>
  `${JSON.stringify({ status, warning }, null, 1)}\n${JSON.stringify(normalisedAnswer(path, response), null, 1)}`;

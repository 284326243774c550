/** Replays the recorded HTTP exchanges against a fresh cluster. */

import { serveCluster } from './cluster.ts';
import { exchanges, type RecordedExchange } from './transcript.ts';

export interface ExchangeOutcome {
  readonly recorded: RecordedExchange;
  readonly agrees: boolean;
  readonly expected: string;
  readonly actual: string;
}

/** The recorder's exchanges have no times; a pod of theirs was seldom running two exchanges later. */
const START = Date.UTC(2026, 10, 22, 20, 16);
const STEP_MS = 60;
const WATCH_MS = 1_500;

export async function* replayExchanges(): AsyncGenerator<ExchangeOutcome> {
  const cluster = await serveCluster(START);
  try {
    for (const recorded of exchanges()) {
      await cluster.pace.reach(START + recorded.n * STEP_MS);
      const answer = await send(cluster.url, recorded);
      const expected = told(recorded);
      const actual = told(answer);
      yield { recorded, agrees: expected === actual, expected, actual };
    }
  } finally {
    cluster.close();
  }
}

type Told = Pick<RecordedExchange, 'status' | 'response' | 'warning'>;

async function send(url: string, { method, path, accept, contentType, body }: RecordedExchange): Promise<Told> {
  const watch = path.includes('watch=1');
  const response = await fetch(url + path, {
    method,
    headers: { accept, 'user-agent': 'kubectl/v1.35.2', ...(contentType && { 'content-type': contentType }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const warning = response.headers.get('warning') ?? undefined;
  const text = watch ? await readFor(response, WATCH_MS) : await response.text();
  return { status: response.status, response: parsed(text), ...(warning !== undefined && { warning }) };
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const told = ({ status, warning, response }: Told): string =>
  `${JSON.stringify({ status, warning }, null, 1)}\n${JSON.stringify(normalised(response), null, 1)}`;

/** What differs between two real clusters: ids, times, revisions, generated names, ports. */
function normalised(value: unknown): unknown {
  if (typeof value === 'string') {
    return value
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<suffix>')
      .replace(/\b10\.(?:244|96)\.\d+\.\d+\b/g, '<ip>')
      .replace(/:[67]443$/, ':<port>')
      .replace(/^\d+(?:m?s|m\d+s|h)$/, '<age>');
  }
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [
        name,
        typeof inner === 'string' && /^(resourceVersion|time|.*Timestamp|.*Time)$/.test(name)
          ? '<>'
          : normalised(inner),
      ]),
  );
}

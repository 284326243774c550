/** A course system for cmi5: launches an activity, and is its learning record store on another origin, which refuses what cmi5 forbids. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

export interface Statement {
  readonly id: string;
  readonly actor: unknown;
  readonly verb: { readonly id: string };
  readonly object: { readonly id: string; readonly definition?: unknown };
  readonly timestamp: string;
  readonly result?: {
    readonly score?: { readonly scaled: number };
    readonly completion?: boolean;
    readonly success?: boolean;
    readonly response?: string;
    readonly duration?: string;
  };
  readonly context: {
    readonly registration: string;
    readonly extensions: Readonly<Record<string, unknown>>;
    readonly contextActivities?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

const SESSION = 'https://w3id.org/xapi/cmi5/context/extensions/sessionid';
const MASTERY = 'https://w3id.org/xapi/cmi5/context/extensions/masteryscore';
const CATEGORY = 'https://w3id.org/xapi/cmi5/context/categories/cmi5';
const MOVE_ON = 'https://w3id.org/xapi/cmi5/context/categories/moveon';
const CMI5_VERBS = ['initialized', 'completed', 'passed', 'failed', 'terminated'];

export const verbOf = ({ verb }: Statement): string => verb.id.split('/').at(-1)!;

export class Cmi5System {
  readonly #files: Readonly<Record<string, Uint8Array>>;
  readonly #registrations = new Map<string, string>();
  /** By session: its learner, and whether its token has been given. */
  readonly #sessions = new Map<string, { readonly learner: string; given: boolean }>();
  readonly #statements = new Map<string, Statement[]>();
  readonly #states = new Map<string, unknown>();
  readonly #lms: Server = createServer((request, response) => void this.#launch(request, response));
  readonly #lrs: Server = createServer((request, response) => void this.#record(request, response));
  /** What was refused, and why. */
  readonly refused: string[] = [];
  /** The store answers nothing but that it is out of order. */
  down = false;

  constructor(files: Readonly<Record<string, Uint8Array>>) {
    this.#files = files;
  }

  async listen(): Promise<this> {
    for (const server of [this.#lms, this.#lrs]) {
      server.listen(0, '127.0.0.1');
      await new Promise((listening) => server.once('listening', listening));
    }
    return this;
  }

  stop(): void {
    for (const server of [this.#lms, this.#lrs]) {
      server.close();
      server.closeAllConnections();
    }
  }

  url(learner: string): string {
    return `${address(this.#lms)}/play?learner=${learner}`;
  }

  statements(learner: string): readonly Statement[] {
    return this.#statements.get(learner) ?? [];
  }

  state(learner: string): unknown {
    return this.#states.get(`${learner}/bound`);
  }

  #structure(): { readonly id: string; readonly url: string; readonly mastery: number; readonly moveOn: string } {
    const xml = new TextDecoder().decode(this.#files['cmi5.xml']);
    const [, id, moveOn, mastery, url] =
      /<au id="([^"]+)" moveOn="([^"]+)" masteryScore="([^"]+)"[\s\S]*?<url>([^<]+)<\/url>/.exec(xml)!;
    return { id: id!, moveOn: moveOn!, mastery: Number(mastery), url: url! };
  }

  async #launch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, 'http://system');
    if (pathname === '/play') {
      const learner = searchParams.get('learner')!;
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(this.#page(learner));
    }
    if (pathname === '/fetch') {
      const session = this.#sessions.get(searchParams.get('session')!)!;
      const answer = session.given
        ? { 'error-code': '1', 'error-text': 'the token was given' }
        : { 'auth-token': tokenOf(searchParams.get('session')!) };
      session.given = true;
      return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    }
    const path = pathname.replace(/^\/content\//, '');
    const file = this.#files[path];
    if (!file) return void response.writeHead(404).end();
    const type = /\.(\w+)$/.exec(path)?.[1] ?? '';
    response.writeHead(200, { 'Content-Type': TYPES[type] ?? 'application/octet-stream' }).end(file);
  }

  #page(learner: string): string {
    const registration = this.#registrations.get(learner) ?? crypto.randomUUID();
    this.#registrations.set(learner, registration);
    const session = crypto.randomUUID();
    this.#sessions.set(session, { learner, given: false });
    const { id, url, mastery, moveOn } = this.#structure();
    this.#states.set(`${learner}/LMS.LaunchData`, {
      launchMode: 'Normal',
      masteryScore: mastery,
      moveOn,
      contextTemplate: {
        extensions: { [SESSION]: session },
        contextActivities: { grouping: [{ objectType: 'Activity', id: `${id}#publisher` }] },
      },
    });
    const query = new URLSearchParams({
      endpoint: `${address(this.#lrs)}/xapi/`,
      fetch: `${address(this.#lms)}/fetch?session=${session}`,
      actor: JSON.stringify(actorOf(learner)),
      registration,
      activityId: id,
    });
    const source = `/content/${url}?${query}`.replaceAll('&', '&amp;');
    return `<!doctype html><title>A course system</title><style>body { margin: 0 } iframe { width: 100vw; height: 95vh }</style>
<iframe src="${source}"></iframe>`;
  }

  async #record(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, X-Experience-API-Version');
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT, POST, DELETE');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const body = await bodyOf(request);
    if (this.down) return void response.writeHead(503).end();
    const { pathname, searchParams } = new URL(request.url!, 'http://store');
    const session = sessionOf(request.headers.authorization);
    const learner = session && this.#sessions.get(session)?.learner;
    if (!learner || !request.headers['x-experience-api-version'])
      return this.#refuse(response, 401, 'no token, or no version');
    const reply = (status: number, data?: unknown) =>
      void response
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(data === undefined ? '' : JSON.stringify(data));
    if (pathname === '/xapi/statements' && request.method === 'POST') {
      const sent: Statement[] = [body].flat() as Statement[];
      for (const statement of sent) {
        const known = this.statements(learner).find(({ id }) => id === statement.id);
        if (known && !isDeepStrictEqual(known, statement))
          return this.#refuse(response, 409, `${statement.id} again, and other`);
        if (known) continue;
        const why = this.#mistake(learner, session, statement);
        if (why) return this.#refuse(response, 400, `${verbOf(statement)}: ${why}`);
        this.#statements.set(learner, [...this.statements(learner), statement]);
      }
      return reply(
        200,
        sent.map(({ id }) => id),
      );
    }
    const key = `${learner}/${searchParams.get('stateId')}`;
    if (pathname !== '/xapi/activities/state') return reply(404);
    if (searchParams.get('registration') !== this.#registrations.get(learner))
      return this.#refuse(response, 400, 'registration');
    if (request.method === 'GET') return this.#states.has(key) ? reply(200, this.#states.get(key)) : reply(404);
    if (request.method !== 'PUT') return this.#refuse(response, 405, request.method ?? '');
    this.#states.set(key, body);
    reply(204);
  }

  #refuse(response: ServerResponse, status: number, why: string): void {
    this.refused.push(`${status} ${why}`);
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(why);
  }

  /** What cmi5 (Quartz, 9 and 10) or xAPI forbids; '' when nothing is wrong. */
  #mistake(learner: string, session: string, statement: Statement): string {
    const before = this.statements(learner);
    const here = before.filter(({ context }) => context.extensions[SESSION] === session);
    const verb = verbOf(statement);
    const { context, object, result } = statement;
    const { id: au, mastery } = this.#structure();
    const categories = (context.contextActivities?.category ?? []).map(({ id }) => id);
    const extra = Object.keys(statement).filter((key) => !PROPERTIES.includes(key));
    if (extra.length > 0) return `a statement has no ${extra.join(', ')}`;
    if (!isDeepStrictEqual(statement.actor, actorOf(learner))) return 'another actor';
    if (context.registration !== this.#registrations.get(learner)) return 'another registration';
    if (context.extensions[SESSION] !== session) return 'another session';
    if (here.some((one) => verbOf(one) === 'terminated')) return 'after terminated';
    if (here.length === 0 && verb !== 'initialized') return 'before initialized';
    if (!CMI5_VERBS.includes(verb)) return categories.includes(CATEGORY) ? 'not of cmi5, and says so' : '';
    if (!categories.includes(CATEGORY)) return 'without its category';
    if (object.id !== au) return `about ${object.id}`;
    if (here.some((one) => verbOf(one) === verb)) return 'twice in a session';
    const judged = ['completed', 'passed', 'failed'].includes(verb);
    if (judged !== categories.includes(MOVE_ON)) return 'category moveon';
    if (verb !== 'failed' && judged && before.some((one) => verbOf(one) === verb)) return 'twice in a registration';
    if (verb === 'failed' && before.some((one) => verbOf(one) === 'passed')) return 'failed after passed';
    if (verb === 'completed')
      return result?.completion === true && result.duration ? '' : 'without completion and duration';
    if (verb === 'terminated') return result?.duration ? '' : 'without duration';
    if (!judged) return '';
    const right = verb === 'passed';
    if (result?.success !== right || !result.duration) return 'without success and duration';
    if (context.extensions[MASTERY] !== mastery) return 'without the mastery score';
    return result.score!.scaled >= mastery === right ? '' : `${verb} with ${result.score!.scaled} of ${mastery}`;
  }
}

const PROPERTIES = ['id', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'version'];
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
};

const address = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const actorOf = (learner: string) => ({
  objectType: 'Agent',
  name: `Learner ${learner}`,
  account: { homePage: 'https://course.example', name: learner },
});
const tokenOf = (session: string) => Buffer.from(`session:${session}`).toString('base64');
const sessionOf = (authorization = '') =>
  /^session:(.*)$/.exec(Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString())?.[1];

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? undefined : JSON.parse(text);
}

/** cmi5's assignable unit, as @xapi/cmi5 has it, on lines that break: a statement is sent again as it was, and the last ones outlive the page. */

import Library from '@xapi/cmi5';

type Statement = Parameters<Library['sendXapiStatement']>[0];

const MASTERY = 'https://w3id.org/xapi/cmi5/context/extensions/masteryscore';
const INITIALIZED = 'http://adlnet.gov/expapi/verbs/initialized';
const CMI5 = 'https://w3id.org/xapi/cmi5/context/categories/cmi5';
const VERSION = '1.0.3';

/** Where a document of the State API is. */
interface DocumentAddress {
  readonly agent: unknown;
  readonly activityId: string;
  readonly registration: string;
  readonly stateId: string;
}

export class Au extends Library {
  /** By what they say: the store knows a statement that comes again by its id, if it is the same. */
  readonly #made = new Map<string, Statement>();
  /** The page goes: statements are gathered for one request. */
  #last: Statement[] | undefined;
  #initialized = false;

  /** Something can be said: it has begun and has not ended. */
  get isOpen(): boolean {
    return this.#initialized;
  }

  /** A token is given once: what failed after it goes on with it. */
  async begin(): Promise<void> {
    const token = this.getAuthToken();
    if (!token) {
      await this.initialize();
      this.#initialized = true;
      return;
    }
    await this.initialize({ authToken: token, initializedDate: this.initializedDate ?? new Date() });
    if (this.#initialized) return;
    await this.sendXapiStatement(this.#initializedStatement());
    this.#initialized = true;
  }

  override sendXapiStatement(
    made: Statement,
    options?: Parameters<Library['sendXapiStatement']>[1],
  ): ReturnType<Library['sendXapiStatement']> {
    const transformed = options?.transform ? options.transform(made) : made;
    const key = JSON.stringify([transformed.verb.id, transformed.object, transformed.result?.response]);
    const statement = this.#made.get(key) ?? valid(transformed);
    this.#made.set(key, statement);
    if (this.#last) {
      this.#last.push(statement);
      return Promise.resolve({ data: [statement.id!] }) as ReturnType<Library['sendXapiStatement']>;
    }
    return super.sendXapiStatement(statement).catch((error) => {
      // It had come, and only the answer was lost.
      if (error?.response?.status !== 409) throw error;
      return { ...error.response, data: [statement.id!] };
    });
  }

  /** What is said meanwhile is sent at once and together, though the page goes away. */
  leave(say: () => void): void {
    if (!this.#initialized) return;
    this.#last = [];
    say();
    this.#send('statements', 'POST', this.#last);
    this.#last = undefined;
    // It cannot be said twice, and nothing comes after it.
    this.#initialized = false;
  }

  /** A document of the State API, when the page goes away. */
  putLast({ agent, ...address }: DocumentAddress, state: object): void {
    const query = new URLSearchParams({ ...address, agent: JSON.stringify(agent) });
    this.#send(`activities/state?${query}`, 'PUT', state);
  }

  #send(path: string, method: string, body: object): void {
    const { endpoint } = this.getLaunchParameters();
    // Nobody is there to be told of a failure.
    void fetch(`${endpoint.replace(/\/?$/, '/')}${path}`, {
      method,
      keepalive: true,
      headers: {
        Authorization: `Basic ${this.getAuthToken()}`,
        'Content-Type': 'application/json',
        'X-Experience-API-Version': VERSION,
      },
      body: JSON.stringify(body),
    }).catch(() => undefined);
  }

  /** The library makes it only on the way from the token. */
  #initializedStatement(): Statement {
    const { actor, activityId, registration } = this.getLaunchParameters();
    const { contextTemplate } = this.launchData;
    const category = [...(contextTemplate.contextActivities?.category ?? []), { objectType: 'Activity', id: CMI5 }];
    return {
      id: crypto.randomUUID(),
      actor,
      verb: { id: INITIALIZED, display: { 'en-US': 'initialized' } },
      object: { objectType: 'Activity', id: activityId },
      timestamp: new Date().toISOString(),
      context: {
        ...contextTemplate,
        registration,
        contextActivities: { ...contextTemplate.contextActivities, category },
      },
    } as Statement;
  }
}

/** The library puts the bar for the score beside the context; a statement has no such place (cmi5 9.6.3.2). */
function valid(statement: Statement): Statement {
  const { extensions, ...rest } = statement as Statement & { extensions?: Record<string, unknown> };
  if (extensions?.[MASTERY] === undefined) return statement;
  return {
    ...rest,
    context: { ...rest.context, extensions: { ...rest.context?.extensions, [MASTERY]: extensions[MASTERY] } },
  } as Statement;
}

/** A course system for SCORM packages: scorm-again's run-time environment in its page, and a server that keeps what that commits. */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { CourseFormat } from '../../src/course/formats.ts';

type Scorm = Exclude<CourseFormat, 'cmi5'>;
/** cmi, as the run-time environment commits it. */
export type Stored = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);
const RUNTIMES: Readonly<Record<Scorm, { readonly script: string; readonly api: string; readonly begin: string }>> = {
  scorm12: { script: require.resolve('scorm-again/scorm12/min'), api: 'API', begin: 'Scorm12API' },
  scorm2004: { script: require.resolve('scorm-again/scorm2004/min'), api: 'API_1484_11', begin: 'Scorm2004API' },
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export class ScormSystem {
  readonly #format: Scorm;
  readonly #files: Readonly<Record<string, Uint8Array>>;
  readonly #stored = new Map<string, Stored>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  /** It takes no commit. */
  down = false;
  commits = 0;

  constructor(format: Scorm, files: Readonly<Record<string, Uint8Array>>) {
    this.#format = format;
    this.#files = files;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await new Promise((listening) => this.#server.once('listening', listening));
    return this;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Where a learner opens an activity: in a frame of the course system's page, or in a window that it opens. */
  url(learner: string, activity: string, window = false): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/play?learner=${learner}&activity=${activity}${window ? '&window' : ''}`;
  }

  stored(learner: string, activity: string): Stored | undefined {
    return this.#stored.get(`${learner}/${activity}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, 'http://system');
    const key = `${searchParams.get('learner')}/${searchParams.get('activity')}`;
    if (pathname === '/play') return void html(response, this.#page(key, searchParams.has('window')));
    if (pathname === '/runtime.js') {
      const script = readFileSync(RUNTIMES[this.#format].script);
      return void response.writeHead(200, { 'Content-Type': TYPES['.js']! }).end(script);
    }
    if (pathname === '/commit') {
      const body = JSON.parse(await text(request));
      if (this.down) return void response.writeHead(503).end();
      this.commits++;
      this.#stored.set(key, body.cmi);
      response.writeHead(200, { 'Content-Type': 'application/json' });
      return void response.end(JSON.stringify({ result: 'true', errorCode: 0 }));
    }
    const file = this.#files[pathname.replace(/^\/content\//, '')];
    if (!file) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[extname(pathname)] ?? 'application/octet-stream' }).end(file);
  }

  /** As a course system makes its page of the manifest: the resource of the item, framed or opened. */
  #page(key: string, window: boolean): string {
    const [learner, activity] = key.split('/') as [string, string];
    const { api, begin } = RUNTIMES[this.#format];
    const manifest = new TextDecoder().decode(this.#files['imsmanifest.xml']);
    const page = new RegExp(`<item identifier="item-${activity}" identifierref="([^"]+)"`).exec(manifest)?.[1];
    const href = new RegExp(`<resource identifier="${page}"[^>]* href="([^"]+)"`).exec(manifest)?.[1];
    if (!href) throw new Error(`no activity ${activity} in the manifest`);
    const known = { learner, name: `Learner, ${learner}`, cmi: this.#stored.get(key) };
    return `<!doctype html><title>A course system</title><style>body { margin: 0 } iframe { width: 100vw; height: 95vh }</style>
<script src="/runtime.js"></script>
<script>
  const known = ${JSON.stringify(known)};
  const api = new ${begin}({ lmsCommitUrl: '/commit?learner=${learner}&activity=${activity}', autocommit: false, logLevel: 'NONE', alwaysSendTotalTime: true, mastery_override: false });
  ${this.#format === 'scorm12' ? BEGIN_12 : BEGIN_2004}
  window.${api} = api;
</script>
${window ? `<button onclick="window.opened = open('/content/${href}', 'sco', 'width=1500,height=900')">Open</button>` : `<iframe id="sco" src="/content/${href}"></iframe>`}`;
  }
}

/** What of the earlier visit is the next one's: everything but how it was left, which says that it is gone on with. */
const BEGIN_12 = `
  if (known.cmi) api.loadFromJSON({ ...known.cmi, core: { ...known.cmi.core, session_time: undefined, exit: '', entry: known.cmi.core.exit === 'suspend' ? 'resume' : '' } }, 'cmi');
  else api.loadFromJSON({ core: { student_id: known.learner, student_name: known.name, entry: 'ab-initio', lesson_mode: 'normal' } }, 'cmi');`;
const BEGIN_2004 = `
  if (known.cmi) api.loadFromJSON({ ...known.cmi, session_time: undefined, exit: '', entry: known.cmi.exit === 'suspend' ? 'resume' : '' }, 'cmi');
  else api.loadFromJSON({ learner_id: known.learner, learner_name: known.name, entry: 'ab-initio', mode: 'normal' }, 'cmi');`;

const html = (response: ServerResponse, page: string) =>
  response.writeHead(200, { 'Content-Type': TYPES['.html']! }).end(page);

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

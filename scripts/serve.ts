/** Serves the built site on this machine with the headers it needs: `node scripts/serve.ts [--port 4321] [--host 127.0.0.1] [--dir dist] [--no-isolation]`. */

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { parseHeaders } from '../src/build/headers-file.ts';
import { isolationHeaders } from '../src/build/policy.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.yaml': 'text/plain; charset=utf-8',
};
const compressed = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.yaml']);

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4321' },
    host: { type: 'string', default: '127.0.0.1' },
    dir: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
    /** As a host that sets no headers: pages are not cross-origin isolated. */
    'no-isolation': { type: 'boolean', default: false },
  },
});

const root = resolve(values.dir);

if (!(await stat(join(root, 'index.html')).catch(() => undefined))) {
  console.error(`There is no built site in ${root}: run \`npm run build\` first.`);
  process.exit(1);
}

/** The site says itself which headers it needs. */
const headersOf = parseHeaders(await readFile(join(root, '_headers'), 'utf8'));

const server = createServer(async (request, response) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  const url = new URL(request.url ?? '/', 'http://site');
  const found = await find(url.pathname);
  if (found === 'directory') return void response.writeHead(308, { Location: `${url.pathname}/${url.search}` }).end();
  const file = found ?? join(root, '404.html');
  const gzip = compressed.has(extname(file)) && /\bgzip\b/.test(String(request.headers['accept-encoding']));
  response.writeHead(found ? 200 : 404, {
    'Cache-Control': 'no-cache',
    ...asked(headersOf(url.pathname)),
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    Vary: 'Accept-Encoding',
    ...(gzip && { 'Content-Encoding': 'gzip' }),
  });
  if (request.method === 'HEAD') return void response.end();
  send(file, gzip, response);
});

function asked(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!values['no-isolation']) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !Object.hasOwn(isolationHeaders, name)));
}

server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(values.port), values.host, () => {
  const { address, port } = server.address() as AddressInfo;
  console.log(`http://${address === '127.0.0.1' ? 'localhost' : address}:${port}/`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}

/** The file of a path below dist/, 'directory' when a slash is missing, undefined when there is nothing. */
async function find(path: string): Promise<string | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const file = normalize(join(root, decoded));
  if (decoded.includes('\0') || (file !== root && !file.startsWith(root + sep))) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return file;
  if (!found?.isDirectory()) return undefined;
  if (!decoded.endsWith('/')) return 'directory';
  const index = join(file, 'index.html');
  return (await stat(index).catch(() => undefined)) ? index : undefined;
}

function send(file: string, gzip: boolean, response: ServerResponse): void {
  const stream = createReadStream(file);
  stream.on('error', () => response.destroy());
  if (gzip) stream.pipe(createGzip()).pipe(response);
  else stream.pipe(response);
}

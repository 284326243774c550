/** The sandbox as a Node process in a WebContainer: the same bundle, the same protocol, framed over its standard streams. */

import type { WebContainer } from '@webcontainer/api';
import { frame, unframe } from '../../sandbox/channel/framing.ts';
import { type Boot, connect } from './sandbox.ts';
import { fileUrl } from './site.ts';

/** `boot()` neither rejects nor times out when StackBlitz's host is blocked (milliseconds). */
const BOOT_LIMIT = 60_000;
const DIRECTORY = fileUrl('webcontainer/');
const PROGRAM = 'sandbox.mjs';

/** WebContainers need cross-origin isolation, and wait for ever without it. */
export const canBootWebContainer = (): boolean => globalThis.crossOriginIsolated === true;

export const bootWebContainer: Boot = async ({ page, onFailure }) => {
  if (!canBootWebContainer()) throw new Error('this page is not cross-origin isolated, which a WebContainer needs');
  const [container, files] = await Promise.all([within(BOOT_LIMIT, theContainer()), programFiles()]);
  await container.mount(files);
  const child = await container.spawn('node', [PROGRAM]);
  const input = child.input.getWriter();
  void child.exit.then((code) => onFailure(new Error(`the sandbox's process ended with exit code ${code}`)));
  return connect(
    'webcontainer',
    page,
    {
      post: (message) => input.write(frame(message)),
      on: (listener) => void pump(child.output, unframe(listener)).catch(onFailure),
    },
    () => child.kill(),
  );
};

/** A page can boot one, once. */
let booting: Promise<WebContainer> | undefined;

function theContainer(): Promise<WebContainer> {
  booting ??= import('@webcontainer/api').then((api) =>
    api.WebContainer.boot({ coep: 'require-corp', workdirName: 'bound' }),
  );
  return booting;
}

async function pump(stream: ReadableStream<string>, take: (text: string) => void): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}

/** The bundle's files, as a tree to mount. */
async function programFiles() {
  const names = (await (await fetch(`${DIRECTORY}files.json`)).json()) as string[];
  const entries = await Promise.all(
    names.map(async (name) => [name, { file: { contents: await (await fetch(DIRECTORY + name)).text() } }] as const),
  );
  return Object.fromEntries(entries);
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the WebContainer did not answer in time')), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

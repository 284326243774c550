/** Watches the frame in which a WebContainer boots: the client itself waits for ever when that is blocked. */

import { HostFailure } from './failure.ts';

/** After its `load` a frame that works says `init` at once; one that was blocked has loaded the browser's error page (milliseconds). */
const INIT_AFTER_LOAD = 6_000;

/** Rejects as soon as the frame that `boot` inserts is known to be blocked; `stop` ends the watch. */
export function watchFrame(): { blocked: Promise<never>; stop(): void } {
  const ended = new AbortController();
  const { signal } = ended;
  const blocked = new Promise<never>((_, reject) => {
    let frame: HTMLIFrameElement | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    signal.addEventListener('abort', () => clearTimeout(timer));

    const found = (inserted: HTMLIFrameElement) => {
      frame = inserted;
      const { origin } = new URL(inserted.src);
      inserted.addEventListener(
        'load',
        () => {
          const offline = navigator.onLine ? '' : '; the browser says that it is offline';
          const failure = new HostFailure('blocked', `${origin} could not be loaded in a frame${offline}`);
          timer ??= setTimeout(() => reject(failure), INIT_AFTER_LOAD);
        },
        { signal },
      );
      document.addEventListener(
        'securitypolicyviolation',
        ({ blockedURI, effectiveDirective, originalPolicy }) => {
          if (!blockedURI.startsWith(origin)) return;
          const policy = originalPolicy.split(';').find((directive) => directive.trim().startsWith(effectiveDirective));
          reject(
            new HostFailure(
              'blocked',
              `the Content-Security-Policy forbids ${origin}: ${policy ?? effectiveDirective}`,
            ),
          );
        },
        { signal },
      );
    };
    const insertions = new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const node of addedNodes)
          if (node instanceof HTMLIFrameElement && new URL(node.src).pathname === '/headless') found(node);
    });
    insertions.observe(document.body, { childList: true });
    signal.addEventListener('abort', () => insertions.disconnect());

    addEventListener(
      'message',
      ({ source, data }: MessageEvent<{ type?: string } | undefined>) => {
        if (frame && source === frame.contentWindow && data?.type === 'init') ended.abort();
      },
      { signal },
    );
  });
  // Whoever races it hears of it.
  blocked.catch(() => undefined);
  return { blocked, stop: () => ended.abort() };
}

/** Keeps the site in the browser for when there is no network, and tells the reader when a new version has come. */

import type { ToServiceWorker } from '../offline/messages.ts';
import { fileUrl } from './site.ts';

/** The lab starts first (milliseconds). */
const HEAD_START = 2_000;
/** A lesson may stay open for days. */
const LOOK_EVERY = 3_600_000;

const notice = document.querySelector<HTMLElement>('[data-update]')!;

// The development server's files change under the reader's hands: nothing is kept of them. A course system keeps its packages itself.
if (import.meta.env.PROD && !import.meta.env.PUBLIC_COURSE) {
  // Where it is refused (a frame of another site, a plain http address) the site works as ever, with a network.
  addEventListener('load', () => setTimeout(() => void keep().catch(() => undefined), HEAD_START));
}

async function keep(): Promise<void> {
  // A sandboxed frame throws here already.
  const container = navigator.serviceWorker;
  if (!container) return;
  const say = (worker: ServiceWorker, message: ToServiceWorker) => worker.postMessage(message);

  const script = fileUrl('service-worker.js');
  const registration = await container.register(script);
  /** Another site's, at the host's root, may serve this page until ours has come. */
  const isServed = () => container.controller?.scriptURL === script;
  const offer = () => {
    notice.hidden = false;
  };
  const follow = (worker: ServiceWorker | null) =>
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && isServed()) offer();
    });
  follow(registration.installing);
  registration.addEventListener('updatefound', () => follow(registration.installing));
  if (registration.waiting && isServed()) offer();

  // Another tab may have taken the new version; what this one began with is kept for it, until it is reloaded.
  let wasServed = isServed();
  container.addEventListener('controllerchange', () => {
    if (wasServed) offer();
    wasServed = isServed();
  });

  notice.querySelector('[data-use]')!.addEventListener('click', () => {
    const { waiting } = registration;
    if (!waiting) return location.reload();
    waiting.addEventListener('statechange', () => {
      if (waiting.state === 'activated') location.reload();
    });
    say(waiting, { type: 'take over' });
  });
  notice.querySelector('[data-later]')!.addEventListener('click', () => {
    notice.hidden = true;
  });

  const look = () => void registration.update().catch(() => undefined);
  setInterval(look, LOOK_EVERY);
  document.addEventListener('visibilitychange', () => document.hidden || look());

  const { active } = await container.ready;
  if (!isServed()) say(active!, { type: 'claim', build: document.documentElement.dataset.build });
  const kept = document.querySelector<HTMLElement>('[data-kept]');
  if (kept) kept.hidden = false;
}

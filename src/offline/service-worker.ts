/** The service worker: keeps one version of the whole site in the browser, and never gives an open page parts of another. */

import { cacheNames, setCacheNameDetails } from 'workbox-core';
import { addPlugins, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import type { ToServiceWorker } from './messages.ts';

declare const self: ServiceWorkerGlobalScope;
/** Both are written in by src/build/offline.ts. */
declare const BUILD: string;
declare const FILES: PrecacheEntry[];

const { scope } = self.registration;

/** A cache for each version, named after it and after where the site is: the older one stays whole while a newer one comes. */
setCacheNameDetails({ prefix: 'bound', precache: BUILD, suffix: scope });

/** A host may be given a new version in the midst of an installation; that fails then, and is tried again later. */
addPlugins([
  {
    cacheWillUpdate: async ({ response }) => {
      if (!response.ok) return null;
      const isPage = response.headers.get('Content-Type')?.startsWith('text/html');
      return !isPage || (await response.clone().text()).includes(`data-build="${BUILD}"`) ? response : null;
    },
  },
]);
/** What stands behind the `?` is read by the page itself (src/embed/parameters.ts). */
precacheAndRoute(FILES, { ignoreURLParametersMatching: [/^(?:lesson|step|seed|theme)$/] });

/** Scripts of another version carry other names: a tab that was opened with it goes on with what was kept of it. */
registerRoute(
  ({ url }) => url.href.startsWith(`${scope}_astro/`),
  async ({ request }) => (await caches.match(request)) ?? fetch(request),
);

self.addEventListener('activate', (event) => event.waitUntil(forgetOlderVersions()));

async function forgetOlderVersions(): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // One tab asked for this version and reloads itself; others still live on the older one.
  if (windows.filter(({ url }) => url.startsWith(scope)).length > 1) return;
  const ours = (await caches.keys()).filter((name) => name.startsWith('bound-') && name.endsWith(`-${scope}`));
  await Promise.all(ours.filter((name) => name !== cacheNames.precache).map((name) => caches.delete(name)));
}

self.addEventListener('message', (event) => {
  const message = event.data as ToServiceWorker;
  if (message.type === 'take over') event.waitUntil(self.skipWaiting());
  // The first visit's page came from the network, and would go on asking there.
  if (message.type === 'claim' && message.build === BUILD) event.waitUntil(self.clients.claim());
});

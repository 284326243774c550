/** What a page says to the service worker. */

export type ToServiceWorker =
  /** "Nobody serves me: do it, if you keep the version that I am." */
  | { readonly type: 'claim'; readonly build: string | undefined }
  /** "The reader wants the new version." */
  | { readonly type: 'take over' };

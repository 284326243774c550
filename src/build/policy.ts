/** The Content-Security-Policy, one source for the `<meta>` of every page and for the servers' headers. */

import { findRootHash } from './find-root.ts';
import { offersWebContainers } from './host.ts';

/** A WebContainer boots in StackBlitz's frame; nothing else is ever asked of another host, and without it nothing at all. */
const frames = offersWebContainers ? 'https://stackblitz.com https://*.webcontainer.io' : "'none'";

const directives: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': `'self' ${findRootHash}`,
  'worker-src': "'self'",
  'manifest-src': "'self'",
  // xterm, shiki and Svelte set inline styles.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'frame-src': frames,
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** What a page can say of itself; who may frame it only a header can. */
export function contentSecurityPolicy(
  where: 'meta' | 'header',
  frameAncestors = NOBODY,
  /** What one page may besides. */
  relaxed: Readonly<Record<string, string>> = {},
): string {
  const all = { ...directives, ...relaxed, ...(where === 'header' && { 'frame-ancestors': frameAncestors }) };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

const NOBODY = "'none'";

/** Who may show the site in a frame, decided when it is built: a CSP source list, such as `https://courses.example`. */
const frameAncestors = process.env.PUBLIC_FRAME_ANCESTORS || NOBODY;

/** Cross-origin isolation: what a WebContainer needs. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What depends on who may frame the site: a frame in an isolated page must also be a resource that others may use. */
export const framingHeaders = (ancestors: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': contentSecurityPolicy('header', ancestors),
  'Cross-Origin-Resource-Policy': ancestors === NOBODY ? 'same-origin' : 'cross-origin',
});

/** What every response carries. */
export const securityHeaders: Readonly<Record<string, string>> = {
  ...isolationHeaders,
  ...framingHeaders(frameAncestors),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Files below carry a hash in their name and never change. */
export const immutablePath = '/_astro/';

/** The Content-Security-Policy, one source for the `<meta>` of every page and for the servers' headers. */

import { offersWebContainers } from './host.ts';

/** A WebContainer boots in StackBlitz's frame; nothing else is ever asked of another host, and without it nothing at all. */
const frames = offersWebContainers ? 'https://stackblitz.com https://*.webcontainer.io' : "'none'";

const directives: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'worker-src': "'self'",
  // xterm, shiki and Svelte set inline styles.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'frame-src': frames,
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** Directives that only a header can carry. */
const headerOnly: Readonly<Record<string, string>> = { 'frame-ancestors': "'none'" };

export function contentSecurityPolicy(where: 'meta' | 'header'): string {
  return Object.entries(where === 'meta' ? directives : { ...directives, ...headerOnly })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** Cross-origin isolation: what a WebContainer needs. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What every response carries. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy('header'),
  ...isolationHeaders,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Files below carry a hash in their name and never change. */
export const immutablePath = '/_astro/';

/** `node scripts/icons.ts`: draws the installed app's icons (public/icons/) from public/favicon.svg, in Chromium. Run by hand when the mark changes. */

import { mkdirSync, readFileSync } from 'node:fs';
import { chromium as browserType } from '@playwright/test';
import { chromium } from './chromium.ts';

/** `share` is how much of the icon's width the mark takes: a maskable icon may be cut to a circle of 80 %. */
const ICONS = [
  { name: 'icon-192', size: 192, share: 0.8 },
  { name: 'icon-512', size: 512, share: 0.8 },
  { name: 'maskable-512', size: 512, share: 0.56 },
  { name: 'apple-touch-icon', size: 180, share: 0.7 },
];

const mark = readFileSync(new URL('../public/favicon.svg', import.meta.url), 'utf8');
const folder = new URL('../public/icons/', import.meta.url);
mkdirSync(folder, { recursive: true });
const executablePath = await chromium();
const browser = await browserType.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
const page = await browser.newPage({ colorScheme: 'light' });
for (const { name, size, share } of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0;height:100vh;display:grid;place-items:center;background:#ffffff}svg{width:${share * 100}vw}</style>${mark}`,
  );
  await page.screenshot({ path: new URL(`${name}.png`, folder).pathname });
}
await browser.close();

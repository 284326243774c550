/** What a browser needs to install the site as an app, one a language; addresses are relative to this file. */

import type { APIRoute } from 'astro';
import { offeredLanguages } from '../../build/course.ts';
import { isLanguage, strings } from '../../i18n/index.ts';

export const getStaticPaths = () => offeredLanguages.map((language) => ({ params: { language } }));

export const GET: APIRoute = ({ params }) => {
  const language = isLanguage(params.language) ? params.language : 'en';
  const { site } = strings(language);
  const icon = (name: string, size: number, purpose: 'any' | 'maskable') => ({
    src: `../icons/${name}.png`,
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  });
  const manifest = {
    name: `${site.name} – ${site.tagline}`,
    short_name: site.name,
    description: site.lead,
    lang: language,
    // Some hosts know a folder by no other name.
    start_url: './index.html',
    scope: '../',
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: '#ffffff',
    icons: [
      { src: '../favicon.svg', sizes: 'any', type: 'image/svg+xml' },
      icon('icon-192', 192, 'any'),
      icon('icon-512', 512, 'any'),
      icon('maskable-512', 512, 'maskable'),
    ],
  };
  return new Response(JSON.stringify(manifest), { headers: { 'Content-Type': 'application/manifest+json' } });
};

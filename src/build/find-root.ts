/** The 404 page's only script: the nearest folder above the missing page that holds the site's files is the site's root, and there the links lead. */

import { createHash } from 'node:crypto';

export const findRoot = `(async () => {
  const links = document.querySelectorAll('[data-home]');
  for (let folder = new URL('./', location.href); ; folder = new URL('../', folder)) {
    const answer = await fetch(new URL('before-paint.js', folder), { method: 'HEAD' }).catch(() => undefined);
    if (answer?.ok) {
      for (const link of links) {
        link.href = new URL(link.dataset.home + 'index.html', folder);
        link.hidden = false;
      }
      return;
    }
    if (folder.pathname === '/') return;
  }
})();`;

/** It stands in the page, so the Content-Security-Policy has to know it. */
export const findRootHash = `'sha256-${createHash('sha256').update(findRoot).digest('base64')}'`;

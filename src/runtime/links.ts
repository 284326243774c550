/** Opened as `…/index.html`, a page links to other pages by that name too: some course systems serve no folder's index. */

import { namesIndex } from './site.ts';

if (namesIndex) {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    if (link.origin === location.origin && link.pathname.endsWith('/')) link.pathname += 'index.html';
  }
}

/** Where the site is: no address of it is known before a page has been opened. */

const page = new URL(location.href);
const root = new URL(document.documentElement.dataset.root ?? './', page);

/** The address of a file, by its path below the site's root. */
export const fileUrl = (path: string): string => new URL(path, root).href;

/** The address of a page. Where the reader came by an `index.html`, the host may know no other name for a folder. */
export const pageUrl = (path: string): string =>
  fileUrl(namesIndex && (path === '' || path.endsWith('/')) ? `${path}index.html` : path);

export const namesIndex = page.pathname.endsWith('/index.html');

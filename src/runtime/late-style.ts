/**
 * Styles of a part that is loaded when it is used. Astro links the stylesheets of dynamically imported components in every page that may
 * come to use them; as text (`?inline`) they come with the part's own script.
 */

export function addStyle(css: string): void {
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
}

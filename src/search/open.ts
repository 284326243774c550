/** The search's dialog on the page: made at its first opening, opened again after that. */

import { flushSync, mount } from 'svelte';
import { languageOfPage } from '../i18n/page.ts';
import { addStyle } from '../runtime/late-style.ts';
import Search from './Search.svelte';
import css from './search.css?inline';

interface Opening {
  open(typed: string): void;
}
let search: Opening | undefined;

/** `sources`: where what is searched lies; `typed`: what was typed for it before it was there. */
export function openSearch(sources: { readonly texts: string; readonly kinds: string }, typed: string): void {
  if (!search) {
    addStyle(css);
    search = mount(Search, { target: document.body, props: { language: languageOfPage(), sources } }) as Opening;
    // Its dialog is there at once.
    flushSync();
  }
  search.open(typed);
}

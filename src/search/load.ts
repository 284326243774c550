/** Fetches what is searched and makes the index of it, once. */

import { Finder } from './finder.ts';
import type { Kind, Passage } from './passages.ts';

export async function loadFinder(sources: { readonly texts: string; readonly kinds: string }): Promise<Finder> {
  const [passages, kinds] = await Promise.all([fetched<Passage[]>(sources.texts), fetched<Kind[]>(sources.kinds)]);
  return new Finder(passages, kinds);
}

async function fetched<T>(address: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json() as Promise<T>;
}

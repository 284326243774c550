/** Keeps the reader's choice of colours and tells those who draw for themselves (the terminals). */

import { writePreference } from './preferences.ts';

export type Theme = 'system' | 'light' | 'dark';

const darkSystem = matchMedia('(prefers-color-scheme: dark)');

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : darkSystem.matches;
}

/** Calls at every change; returns the way to stop. */
export function onThemeChange(listener: () => void): () => void {
  darkSystem.addEventListener('change', listener);
  addEventListener('bound:theme', listener);
  return () => {
    darkSystem.removeEventListener('change', listener);
    removeEventListener('bound:theme', listener);
  };
}

function choose(theme: Theme): void {
  writePreference('theme', theme === 'system' ? undefined : theme);
  setTheme(theme);
}

/** Not remembered: of what stands in another page, that page decides. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  dispatchEvent(new Event('bound:theme'));
}

for (const select of document.querySelectorAll<HTMLSelectElement>('[data-theme-choice]')) {
  select.value = document.documentElement.dataset.theme ?? 'system';
  select.addEventListener('change', () => choose(select.value as Theme));
}

/** The table of causes by language, loaded by whoever shows one. */

import type { Language } from '../index.ts';
import type { causes, panel } from './en.ts';

export type CauseKey = keyof typeof causes;

export interface CauseTable {
  readonly causes: Readonly<Record<CauseKey, string>>;
  readonly panel: typeof panel;
}

const tables: Readonly<Record<Language, () => Promise<CauseTable>>> = {
  en: () => import('./en.ts'),
  ja: () => import('./ja.ts'),
};

export const causeTable = (language: Language): Promise<CauseTable> => tables[language]();

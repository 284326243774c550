/**
 * Words as the search knows them, the same for texts and for what is asked. Latin ones in small letters, whole and in their parts
 * (`PersistentVolumeClaim`, `persistent-stateset-0`); of Japanese, which has no spaces, every two letters that follow each other.
 */

const LATIN = /[\p{Script=Latin}\p{Nd}]+(?:[-._/][\p{Script=Latin}\p{Nd}]+)*/gu;
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー々]+/gu;
const CAMEL = /(?<=[\p{Ll}\d])(?=\p{Lu})/u;

const small = (text: string): string => text.toLowerCase();

/** Full-width letters are the same as the others. */
const normal = (text: string): string => text.normalize('NFKC');

export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of normal(text).matchAll(LATIN)) {
    const parts = word.split(/[-._/]/).flatMap((part) => [part, ...part.split(CAMEL)]);
    terms.push(...new Set([word, ...parts].map(small)));
  }
  for (const [run] of normal(text).matchAll(JAPANESE)) terms.push(...pairs(run));
  return terms;
}

/** What is asked is not taken apart further than it must be: `pv0001` is one word, and each pair of a Japanese one has to be there. */
export function askedTerms(text: string): string[] {
  const latin = [...normal(text).matchAll(LATIN)].map(([word]) => small(word));
  const japanese = [...normal(text).matchAll(JAPANESE)].flatMap(([run]) => pairs(run));
  return [...latin, ...japanese];
}

function pairs(run: string): string[] {
  const letters = [...run];
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, index) => letters[index]! + letter);
}

/** What is looked for in a text to mark it: the words of the question as they were written, the longest first. */
export function markedWords(text: string): string[] {
  const words = [...normal(text).matchAll(LATIN), ...normal(text).matchAll(JAPANESE)].map(([word]) => small(word));
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}

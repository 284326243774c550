/** How deep a JSON text nests, found without recursion, so that nobody after it is led too deep. */

/**
 * Go's JSON and YAML decoders give up at 10,000 levels; what walks the objects here would run out of stack before.
 * No object of any kind comes near it.
 */
export const MAX_DEPTH = 1_000;

/** What Go says of a document beyond the limit. */
export const TOO_DEEP = 'exceeded max depth';

/** Of a text that may be no JSON at all: brackets outside of strings are counted. */
export function nestsTooDeep(text: string): boolean {
  if (text.length < MAX_DEPTH * 2) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) at = endOfString(text, at);
    else if (code === 91 || code === 123) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
}

/** Where the string that begins at `start` ends, or the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at;
  }
  return text.length;
}

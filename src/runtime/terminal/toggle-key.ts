/**
 * The key between text and terminal: Ctrl+` where there is such a key. On Japanese keyboards the key in its place is 半角/全角, which the
 * input method takes; there it is Ctrl+@ (the key right of P), as editors have it.
 */
export function isToggle({
  ctrlKey,
  altKey,
  metaKey,
  key,
  code,
}: Pick<KeyboardEvent, 'ctrlKey' | 'altKey' | 'metaKey' | 'key' | 'code'>): boolean {
  if (!ctrlKey || altKey || metaKey) return false;
  // US keyboards have `[` at that place, and Ctrl+[ is Esc: there the letter decides.
  return code === 'Backquote' || key === '`' || (code === 'BracketLeft' && key === '@');
}

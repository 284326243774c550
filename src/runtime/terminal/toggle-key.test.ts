import { expect, test } from 'vitest';
import { isToggle } from './toggle-key.ts';

const pressed = (key: string, code: string, held: object = { ctrlKey: true }) =>
  isToggle({ ctrlKey: false, altKey: false, metaKey: false, ...held, key, code });

// Keys and codes as the UI Events specification's tables have them (uievents-code, "ANSI" and "JIS" layouts).
test.each([
  ['Ctrl+` on a US keyboard', '`', 'Backquote', true],
  ['Ctrl+^ on a German one', '^', 'Backquote', true],
  ['Ctrl+@ on a Japanese one', '@', 'BracketLeft', true],
  ['Ctrl+Shift+@ on a Japanese one', '`', 'BracketLeft', true],
  ['Ctrl+[ on a US keyboard: Esc', '[', 'BracketLeft', false],
  ['Ctrl+Shift+2 on a US keyboard', '@', 'Digit2', false],
])('%s', (_, key, code, toggles) => expect(pressed(key, code)).toBe(toggles));

test('without Ctrl it is typed', () => expect(pressed('`', 'Backquote', {})).toBe(false));
test('AltGr is no Ctrl', () => expect(pressed('@', 'BracketLeft', { ctrlKey: true, altKey: true })).toBe(false));

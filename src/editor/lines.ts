/** How the editor splits a text into lines. */

import { EditorState, type Extension } from '@codemirror/state';
import { hasReturns } from './line-ends.ts';

/** A text that holds carriage returns keeps them; into others nobody pastes any. */
export const linesAsTheyAre = (text: string): Extension => (hasReturns(text) ? EditorState.lineSeparator.of('\n') : []);

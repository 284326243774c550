/** The bar between text and lab: dragged or moved by arrow keys, and remembered. */

import { writePreference } from './preferences.ts';

const SMALLEST = 25;
const LARGEST = 75;
const STEP = 2;

export function setUpSplitter(bar: HTMLElement): void {
  const root = document.documentElement;
  const current = () => Number.parseFloat(getComputedStyle(root).getPropertyValue('--split')) || 42;

  const set = (percent: number) => {
    const split = Math.min(LARGEST, Math.max(SMALLEST, percent));
    root.style.setProperty('--split', `${split}%`);
    bar.setAttribute('aria-valuenow', String(Math.round(split)));
  };
  const remember = () => writePreference('split', String(Math.round(current() * 10) / 10));

  set(current());
  bar.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    // Captured, so that the pointer may cross the terminal or a frame.
    bar.setPointerCapture(event.pointerId);
    root.classList.add('splitting');
  });
  bar.addEventListener('pointermove', (event) => {
    if (bar.hasPointerCapture(event.pointerId)) set((event.clientX / root.clientWidth) * 100);
  });
  bar.addEventListener('lostpointercapture', () => {
    root.classList.remove('splitting');
    remember();
  });
  bar.addEventListener('dblclick', () => {
    root.style.removeProperty('--split');
    writePreference('split', undefined);
    set(current());
  });
  bar.addEventListener('keydown', (event) => {
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: current() - STEP,
      ArrowRight: current() + STEP,
      Home: SMALLEST,
      End: LARGEST,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to);
    remember();
  });
}

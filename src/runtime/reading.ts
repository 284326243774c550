/** Keeps the address at the step being read, so that a reload and the other language open there. */

import { isCarried, leadsTo } from './session-notes.ts';

export interface Reading {
  /** The text has grown: keeps the place that the address names, until the reader moves. */
  settle(): void;
}

export function followReading(text: HTMLElement): Reading {
  const steps = [...text.querySelectorAll<HTMLElement>('[data-step]')];
  const links = document.querySelectorAll<HTMLAnchorElement>('[data-language-switch]');
  let current = '';
  /** The step that the address asked for, until the reader moves on from it. */
  let named: HTMLElement | undefined;

  const turnTo = (step: string) => {
    if (step === current) return;
    current = step;
    const hash = step ? `#${step}` : '';
    history.replaceState(history.state, '', `${location.pathname}${location.search}${hash}`);
    for (const link of links) link.hash = hash;
  };
  /** The last step that begins above the upper third of the window. */
  const look = () => {
    const line = innerHeight / 3;
    turnTo(steps.findLast((step) => step.getBoundingClientRect().top < line)?.dataset.step ?? '');
  };

  let waiting = false;
  const onScroll = () => {
    if (waiting || named) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      look();
    });
  };
  /** What is done in the header or in the lab moves nobody in the text. */
  const onMove = ({ target }: Event) => {
    if (!(target instanceof Element && target.closest('header, .lab'))) named = undefined;
  };
  addEventListener('scroll', onScroll, { passive: true });
  for (const event of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    addEventListener(event, onMove, { passive: true });
  }
  const obey = () => {
    const { hash } = location;
    named = steps.find((step) => step.id === (leadsTo(hash) ?? hash.slice(1)));
    // A session that the address carries is taken from it first.
    if (named && !isCarried(hash)) turnTo(named.id);
  };
  addEventListener('hashchange', obey);
  obey();
  return {
    settle() {
      named?.scrollIntoView();
    },
  };
}

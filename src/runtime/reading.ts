/** Keeps the address at the step being read, so that a reload and the other language open there. */

export function followReading(text: HTMLElement): void {
  const steps = [...text.querySelectorAll<HTMLElement>('[data-step]')];
  const links = document.querySelectorAll<HTMLAnchorElement>('[data-language-switch]');
  let current = '';

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
  addEventListener(
    'scroll',
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        look();
      });
    },
    { passive: true },
  );
  look();
}

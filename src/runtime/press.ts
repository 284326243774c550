/**
 * A press belongs to what it began on. A checkpoint that passes opens the next step, and the text grows: a button may move away
 * between the press and its release, and a browser then makes no click of them.
 */

/** A pointer that moved less than this was held still (pixels). */
const STILL = 6;

export function keepPresses(text: HTMLElement): void {
  text.addEventListener('pointerdown', (down) => {
    const pressed = down.button === 0 && (down.target as Element).closest<HTMLElement>('a[href], button');
    if (!pressed) return;
    const forget = () => {
      removeEventListener('pointerup', up, true);
      removeEventListener('pointercancel', forget, true);
    };
    const up = (event: PointerEvent) => {
      if (event.pointerId !== down.pointerId) return;
      forget();
      const still = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < STILL;
      if (still && pressed.isConnected && !pressed.contains(event.target as Node)) pressed.click();
    };
    addEventListener('pointerup', up, true);
    addEventListener('pointercancel', forget, true);
  });
}

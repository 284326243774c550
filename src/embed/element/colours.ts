/** Whether a page is dark, whatever made it so: documentation tools say it by classes and attributes of their own, and all by the colour behind the text. */

export function themeOf(element: Element): 'light' | 'dark' {
  for (let behind: Element | null = element; behind; behind = parentOf(behind)) {
    const light = lightOf(getComputedStyle(behind).backgroundColor);
    if (light !== undefined) return light < 0.5 ? 'dark' : 'light';
  }
  // Nothing is behind it but the browser's own canvas.
  const schemes = getComputedStyle(document.documentElement).colorScheme;
  const dark = /\bdark\b/.test(schemes);
  if (dark && !/\blight\b/.test(schemes)) return 'dark';
  return dark && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

const parentOf = (element: Element): Element | null =>
  element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host ?? null;

/** 0 (black) to 1 (white); undefined for what is seen through. */
function lightOf(colour: string): number | undefined {
  const canvas = document.createElement('canvas').getContext('2d');
  if (!canvas) return undefined;
  // Browsers write colours in many ways: one is drawn, and looked at.
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, seen = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return seen < 128 ? undefined : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** A moment later: what changes the colours may do so in steps, or slowly (milliseconds). */
const LATER = 350;

/** Calls back when the page's colours may have changed; returns the way to stop. */
export function onColoursChange(changed: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, LATER);
  };
  const seen = new MutationObserver(look);
  for (const element of [document.documentElement, document.body]) seen.observe(element, { attributes: true });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', look);
  return () => {
    clearTimeout(timer);
    seen.disconnect();
    system.removeEventListener('change', look);
  };
}

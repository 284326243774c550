/** Whether one screen goes on with another: then only the rest has to be written. */

import type { ScreenPart } from '../../../sandbox/channel/past.ts';

/** What `parts` have beyond `shown`; undefined when they do not begin with it. Where a text is split tells nothing. */
export function restOf(shown: readonly ScreenPart[], parts: readonly ScreenPart[]): readonly ScreenPart[] | undefined {
  const [before, after] = [joined(shown), joined(parts)];
  const last = before.length - 1;
  for (const [index, part] of before.entries()) {
    const now = after[index];
    if (typeof part === 'string' && index === last && typeof now === 'string' && now.startsWith(part))
      return [now.slice(part.length), ...after.slice(index + 1)].filter((rest) => rest !== '');
    if (!now || JSON.stringify(part) !== JSON.stringify(now)) return undefined;
  }
  return after.slice(before.length);
}

function joined(parts: readonly ScreenPart[]): ScreenPart[] {
  const whole: ScreenPart[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (typeof part === 'string' && typeof last === 'string') whole[whole.length - 1] = last + part;
    else whole.push(part);
  }
  return whole;
}

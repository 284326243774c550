/** A value of an object, as a sentence about it writes it. */

export const show = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

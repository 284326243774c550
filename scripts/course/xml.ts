/** XML as text: values are escaped, what is made by `xml` is not escaped again. */

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const written = (value: unknown): string => {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(written).join('');
  return String(value).replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign]!);
};

export const xml = (parts: TemplateStringsArray, ...values: readonly unknown[]): Markup =>
  new Markup(String.raw({ raw: parts }, ...values.map(written)));

export const xmlDocument = ({ text }: Markup): string => `<?xml version="1.0" encoding="UTF-8"?>\n${text.trim()}\n`;

/** `_headers`, for static hosts that read one (Cloudflare Pages, Netlify) and for `scripts/serve.ts`: written and read. */

type Headers = Readonly<Record<string, string>>;

export function formatHeaders(rules: Readonly<Record<string, Headers>>): string {
  const blocks = Object.entries(rules).map(([path, headers]) =>
    [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}

/** The headers of a path: those of all rules that match it, later ones winning. A `*` at the end matches anything. */
export function parseHeaders(text: string): (path: string) => Headers {
  const rules: { pattern: string; headers: Record<string, string> }[] = [];
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s+([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name) rules.at(-1)!.headers[name] = value!;
    else if (line.trim()) rules.push({ pattern: line.trim(), headers: {} });
  }
  const matches = (pattern: string, path: string) =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
  return (path) =>
    Object.assign({}, ...rules.filter(({ pattern }) => matches(pattern, path)).map(({ headers }) => headers));
}

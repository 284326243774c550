/** Finds fields given twice in a JSON text, which JSON.parse lets pass (sigs.k8s.io/json, strict decoding). */

/** Paths of repeated fields in order of appearance: `spec.capacity`, `spec.containers[0].name`. */
export function duplicateFields(text: string): readonly string[] {
  const found: string[] = [];
  let at = 0;

  const space = () => {
    while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return JSON.parse(text.slice(start, ++at)) as string;
  };
  const members = (close: string, each: (index: number) => void) => {
    at++;
    space();
    for (let index = 0; text[at] !== close; index++) {
      each(index);
      space();
      if (text[at] === ',') at++;
      space();
    }
    at++;
  };
  const value = (path: string) => {
    space();
    const first = text[at];
    if (first === '{') {
      const seen = new Set<string>();
      members('}', () => {
        const name = string();
        const field = path ? `${path}.${name}` : name;
        if (seen.has(name)) found.push(field);
        seen.add(name);
        space();
        at++;
        value(field);
      });
    } else if (first === '[') members(']', (index) => value(`${path}[${index}]`));
    else if (first === '"') string();
    else while (at < text.length && !',]} \t\r\n'.includes(text[at]!)) at++;
  };

  value('');
  return found;
}

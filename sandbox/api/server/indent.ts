/** JSON text as Go's MarshalIndent lays it out: two spaces, the order of fields and the numbers as they are. */

export function indented(json: string): string {
  let out = '';
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at]!;
    if (character === '"') {
      const start = at;
      for (at++; json[at] !== '"'; at++) if (json[at] === '\\') at++;
      out += json.slice(start, at + 1);
    } else if (character === '{' || character === '[') {
      const empty = json[at + 1] === '}' || json[at + 1] === ']';
      if (empty) out += character + json[++at];
      else out += `${character}\n${'  '.repeat(++depth)}`;
    } else if (character === '}' || character === ']') out += `\n${'  '.repeat(--depth)}${character}`;
    else if (character === ',') out += `,\n${'  '.repeat(depth)}`;
    else if (character === ':') out += ': ';
    else out += character;
  }
  return out;
}

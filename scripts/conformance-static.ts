/**
 * `node scripts/conformance-static.ts [--lines N] [TEXT…]`: our kubectl beside the real one over `tests/conformance/static/commands.txt`;
 * only the sections named, and the commands that contain a TEXT, if given. Of each difference the first N lines are shown.
 */

import { parseArgs } from 'node:util';
import { unifiedDiff } from '../tests/conformance/diff.ts';
import { compareStatic, staticCommands } from '../tests/conformance/static-client.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { lines: { type: 'string', default: '40' } },
});
const shown = (diff: string) => {
  const lines = diff.split('\n');
  const rest = lines.length - Number(values.lines);
  return rest > 0 ? `${lines.slice(0, Number(values.lines)).join('\n')}\n(${rest} more lines)` : diff;
};
const sections = new Set(staticCommands().map(({ section }) => section));
const wanted = (section: string, command: string) =>
  positionals.length === 0 ||
  positionals.some((text) => (sections.has(text) ? section === text : command.includes(text)));
const counts = new Map<string, { agree: number; all: number }>();
for await (const { section, command, agrees, real, ours } of compareStatic(wanted)) {
  const count = counts.get(section) ?? { agree: 0, all: 0 };
  counts.set(section, { agree: count.agree + (agrees ? 1 : 0), all: count.all + 1 });
  if (!agrees) process.stdout.write(`\n## ${section}: ${command}\n${shown(unifiedDiff(real, ours))}\n`);
}
let [agree, all] = [0, 0];
for (const [section, count] of counts) {
  process.stdout.write(`\n${section}: ${count.agree}/${count.all} identical`);
  agree += count.agree;
  all += count.all;
}
process.stdout.write(`\nall: ${agree}/${all} identical\n`);
process.exitCode = agree === all ? 0 : 1;

import { BrowserProcess } from './tests/journal/browser-process.ts';
import { keptSessions } from './tests/journal/kept.ts';

const b = new BrowserProcess();
const site = 'http://localhost:4799/en/lessons/the-lab/';
for (let k = 0; k < 8; k++) {
  const p = await b.page();
  p.on('pageerror', (e) => console.log('E', e.message));
  p.on('console', (m) => console.log('C', m.text()));
  await p.goto(site);
  await p.waitForFunction(
    () =>
      document.querySelector('.host-terminal.front .xterm-rows')?.textContent?.includes('#') &&
      !document.querySelector('.terminal-wait'),
  );
  await p.locator('.host-terminal.front textarea').focus();
  const t = Date.now();
  let n = 0;
  while (Date.now() - t < 700) {
    await p.keyboard.type('kubectl get nodes; echo ' + n);
    await p.keyboard.press('Enter');
    n++;
  }
  const s = await keptSessions(p);
  const e = s[0]!.entries.filter((x: any) => x.type === 'keys' && x.data.includes('\r')).length;
  console.log(
    k,
    'typed',
    n,
    'enters',
    e,
    'rec.len',
    s[0]!.record.length,
    'commands',
    s[0]!.record.commands,
    s.length,
    'pending',
    s[0]!.entries.filter((x: any) => x.at === undefined).length,
    (await p.locator('.notice').allTextContents()).join('|').slice(0, 150),
  );
  await p.close();
}
await b.close();

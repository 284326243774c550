/** journalctl(1) and dmesg(1). */

import { tool } from '../../programs/tool.ts';
import { machineOf } from '../kernel-access.ts';
import { syslogTime } from './dates.ts';
import { journalLine } from './systemctl.ts';

export const journalctl = tool(
  'journalctl',
  {
    short: 'u:n:fxekbro:S:p:t:',
    long: {
      unit: 'u:',
      lines: 'n:',
      follow: 'f',
      'no-pager': 'no-pager',
      dmesg: 'k',
      reverse: 'r',
      output: 'o:',
      since: 'S:',
      boot: 'b',
      priority: 'p:',
      'pager-end': 'e',
      catalog: 'x',
      identifier: 't:',
      'no-hostname': 'no-hostname',
      quiet: 'q',
    },
    usage: 'journalctl [OPTIONS...] [MATCHES...]',
  },
  function* (self) {
    const { process } = self;
    const machine = machineOf(process);
    const units = self.options.all('u').map((name) => machine.units.find(name)?.definition.name ?? name);
    const wanted = (entry: { unit: string; identifier: string }) =>
      (units.length === 0 || units.includes(entry.unit)) &&
      (!self.has('t') || self.options.all('t').includes(entry.identifier));
    const kernel = () =>
      machine.kernel.log.map(({ at, text }) => ({ at: machine.kernel.bootedAt + at, line: `kernel: ${text}` }));
    const text = (entry: (typeof machine.units.journal)[number]) =>
      self.get('o') === 'cat' ? entry.text : journalLine(entry, machine.hostname);
    let lines = self.has('k')
      ? kernel().map(({ at, line }) => `${syslogTime(at)} ${machine.hostname} ${line}`)
      : machine.units.journal.filter(wanted).map(text);
    const count = self.get('n') ?? (self.has('f') ? '10' : undefined);
    if (count !== undefined && count !== 'all') lines = lines.slice(-Number(count));
    if (self.has('r')) lines.reverse();
    if (lines.length === 0) yield* self.print('-- No entries --\n');
    yield* self.print(lines.map((line) => `${line}\n`).join(''));
    if (!self.has('f')) return 0;
    for (let seen = machine.units.journal.length; ; ) {
      yield* process.sleep(500);
      const fresh = machine.units.journal.slice(seen).filter(wanted);
      seen = machine.units.journal.length;
      yield* self.print(fresh.map((entry) => `${text(entry)}\n`).join(''));
    }
  },
);

export const dmesg = tool(
  'dmesg',
  { short: 'TtHkwx', long: { ctime: 'T', human: 'H', follow: 'w' }, usage: 'dmesg [options]' },
  function* (self) {
    const machine = machineOf(self.process);
    const lines = machine.kernel.log.map(({ at, text }) => {
      const stamp = self.has('T')
        ? syslogDate(machine.kernel.bootedAt + at)
        : `${(at / 1_000).toFixed(6).padStart(12)}`;
      return self.has('t') ? `${text}\n` : `[${stamp}] ${text}\n`;
    });
    yield* self.print(lines.join(''));
  },
);

const syslogDate = (ms: number): string =>
  `${new Date(ms).toUTCString().slice(0, 3)} ${syslogTime(ms)} ${new Date(ms).getUTCFullYear()}`;

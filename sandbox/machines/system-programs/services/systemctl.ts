/** systemctl(1) of systemd 252. */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import type { Process, Program, Signal } from '../../process.ts';
import { OptionError, type Options, parseOptions } from '../../programs/getopt.ts';
import { type ServiceManager, UnitError } from '../../systemd/manager.ts';
import type { JournalEntry, Unit } from '../../systemd/unit.ts';
import { inContainer, machineOf } from '../kernel-access.ts';
import { formatTable } from '../table.ts';
import { ago, syslogTime, timestamp } from './dates.ts';

const LONG = {
  all: 'a',
  type: 't:',
  state: 'state:',
  now: 'now',
  quiet: 'q',
  'no-pager': 'no-pager',
  'no-legend': 'no-legend',
  full: 'l',
  lines: 'n:',
  force: 'f',
  plain: 'plain',
  property: 'p:',
  signal: 's:',
  value: 'value',
  system: 'system',
  failed: 'failed',
  'no-block': 'no-block',
  version: 'version',
  help: 'h',
};

interface Call {
  readonly process: Process;
  readonly manager: ServiceManager;
  readonly options: Options;
}

type Verb = (call: Call, names: readonly string[]) => Task<number>;

export const systemctl: Program = function* (process, argv) {
  let options: Options;
  try {
    options = parseOptions(argv.slice(1), { short: 'at:qln:fp:hs:', long: LONG });
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* process.error(`systemctl: ${error.message}\n`);
    return 1;
  }
  if (inContainer(process)) {
    yield* process.error(
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    );
    return 1;
  }
  if (options.has('version')) {
    yield* process.print('systemd 252 (252.38-1~deb12u1)\n');
    return 0;
  }
  const [verb = 'list-units', ...names] = options.operands;
  const run = own(VERBS, verb);
  if (!run) {
    yield* process.error(`Unknown command verb ${verb}.\n`);
    return 1;
  }
  if (names.length === 0 && NEEDS_NAMES.has(verb)) {
    yield* process.error('Too few arguments.\n');
    return 1;
  }
  const changes = CHANGES.has(verb);
  if (changes && process.uid !== 0) {
    yield* process.error(`Failed to ${verb} ${full(names[0] ?? '')}: Access denied\n`);
    return 4;
  }
  return yield* run({ process, manager: machineOf(process).units, options }, names);
};

const full = (name: string): string => (/\.\w+$/.test(name) ? name : `${name}.service`);

/** A job in the manager: each unit by itself; a unit that is not there fails it all with status 5. */
const job = (verb: string, act: (manager: ServiceManager, unit: Unit) => void): Verb =>
  function* ({ process, manager }, names) {
    let status = 0;
    for (const name of names) {
      const unit = manager.find(name);
      if (!unit) {
        yield* process.error(
          `Failed to ${verb} ${full(name)}: Unit ${full(name)} not ${verb === 'stop' ? 'loaded' : 'found'}.\n`,
        );
        status = 5;
        continue;
      }
      yield* process.sleep(120);
      try {
        act(manager, unit);
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        const words = error.message.startsWith('Job type')
          ? `${error.message} ${unit.definition.name}.`
          : error.message;
        // A job that failed speaks for itself.
        if (words.startsWith('Job for')) yield* process.error(`${words}\n`);
        else
          yield* process.error(
            `Failed to ${verb} ${unit.definition.name}: ${words}\n${words.startsWith('Job type') ? `See system logs and 'systemctl status ${unit.definition.name}' for details.\n` : ''}`,
          );
        status = 1;
      }
    }
    return status;
  };

const reloadOrRestart = (manager: ServiceManager, unit: Unit) =>
  unit.definition.reload && unit.active === 'active' ? manager.reload(unit) : manager.restart(unit);

const VERBS: Readonly<Record<string, Verb>> = {
  start: job('start', (manager, unit) => manager.start(unit)),
  stop: job('stop', (manager, unit) => manager.stop(unit)),
  restart: job('restart', (manager, unit) => manager.restart(unit)),
  'try-restart': job('try-restart', (manager, unit) => {
    if (unit.active === 'active') manager.restart(unit);
  }),
  reload: job('reload', (manager, unit) => {
    if (unit.active !== 'active') throw new UnitError(`Unit ${unit.definition.name} is not active, cannot reload.`);
    manager.reload(unit);
  }),
  'reload-or-restart': job('reload-or-restart', reloadOrRestart),
  kill: function* (call, names) {
    const given = call.options.get('s') ?? 'SIGTERM';
    const signal = (given.startsWith('SIG') ? given : `SIG${given}`) as Signal;
    return yield* job('kill', (_, unit) => unit.process?.deliver(signal, true))(call, names);
  },
  enable: (call, names) => enable(call, names, true),
  disable: (call, names) => enable(call, names, false),
  mask: (call, names) => mask(call, names, true),
  unmask: (call, names) => mask(call, names, false),
  status,
  show,
  cat,
  'is-active': (call, names) => say(call, names, (unit) => unit?.active ?? 'inactive', 'active', 3),
  'is-failed': (call, names) => say(call, names, (unit) => unit?.active ?? 'inactive', 'failed', 1),
  'is-enabled': isEnabled,
  'list-units': listUnits,
  'list-unit-files': listUnitFiles,
  'daemon-reload': function* ({ process }) {
    yield* process.sleep(200);
    return 0;
  },
  'daemon-reexec': function* ({ process }) {
    yield* process.sleep(400);
    return 0;
  },
  'reset-failed': function* ({ manager }) {
    for (const unit of manager.units)
      if (unit.active === 'failed') Object.assign(unit, { active: 'inactive', sub: 'dead' });
    return 0;
  },
  'is-system-running': function* ({ process, manager }) {
    const degraded = manager.units.some((unit) => unit.active === 'failed');
    yield* process.print(degraded ? 'degraded\n' : 'running\n');
    return degraded ? 1 : 0;
  },
  poweroff: power('poweroff'),
  halt: power('poweroff'),
  reboot: power('reboot'),
};

const NEEDS_NAMES = new Set([
  'start',
  'stop',
  'restart',
  'try-restart',
  'reload',
  'reload-or-restart',
  'enable',
  'disable',
  'mask',
  'unmask',
  'is-active',
  'is-enabled',
  'is-failed',
  'cat',
  'kill',
]);
const CHANGES = new Set([
  'start',
  'stop',
  'restart',
  'try-restart',
  'reload',
  'reload-or-restart',
  'enable',
  'disable',
  'mask',
  'unmask',
  'kill',
  'reboot',
  'poweroff',
]);

/** The machine goes down at once; its own processes see nothing of it any more. */
function power(how: 'poweroff' | 'reboot'): Verb {
  return function* ({ process }) {
    const machine = machineOf(process);
    machine.clock.after(300, () => (how === 'reboot' ? machine.reboot() : machine.powerOff()));
    return 0;
  };
}

function* enable({ process, manager, options }: Call, names: readonly string[], on: boolean): Task<number> {
  const verb = on ? 'enable' : 'disable';
  for (const name of names) {
    const unit = manager.find(name);
    if (!unit) {
      yield* process.error(`Failed to ${verb} unit: Unit file ${full(name)} does not exist.\n`);
      return 1;
    }
    const { name: file } = unit.definition;
    if (unit.definition.static) {
      yield* process.error(
        `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,\nAlias= settings in the [Install] section, and DefaultInstance= for template\nunits). This means they are not meant to be enabled or disabled using systemctl.\n`,
      );
      continue;
    }
    const link = `/etc/systemd/system/multi-user.target.wants/${file}`;
    if (unit.enabled !== on) {
      const text = on ? `Created symlink ${link} → ${unitFile(unit)}.\n` : `Removed "${link}".\n`;
      if (!options.has('q')) yield* process.error(text);
    }
    unit.enabled = on;
    if (options.has('now')) {
      if (on) manager.start(unit);
      else manager.stop(unit);
    }
  }
  return 0;
}

function* mask({ process, manager }: Call, names: readonly string[], on: boolean): Task<number> {
  for (const name of names) {
    const unit = manager.find(name);
    const link = `/etc/systemd/system/${full(name)}`;
    if (!unit) {
      yield* process.error(`Unit ${full(name)} does not exist, proceeding anyway.\n`);
      continue;
    }
    if (unit.masked !== on)
      yield* process.error(on ? `Created symlink ${link} → /dev/null.\n` : `Removed "${link}".\n`);
    unit.masked = on;
  }
  return 0;
}

function* say(
  { process, manager, options }: Call,
  names: readonly string[],
  word: (unit: Unit | undefined) => string,
  good: string,
  failure: number,
): Task<number> {
  let found = false;
  for (const name of names) {
    const text = word(manager.find(name));
    if (text === good) found = true;
    if (!options.has('q')) yield* process.print(`${text}\n`);
  }
  return found ? 0 : failure;
}

function* isEnabled({ process, manager, options }: Call, names: readonly string[]): Task<number> {
  let found = false;
  for (const name of names) {
    const unit = manager.find(name);
    if (!unit) {
      yield* process.error(`Failed to get unit file state for ${full(name)}: No such file or directory\n`);
      continue;
    }
    const word = enablement(unit);
    if (word === 'enabled' || word === 'static') found = true;
    if (!options.has('q')) yield* process.print(`${word}\n`);
  }
  return found ? 0 : 1;
}

function* status({ process, manager, options }: Call, names: readonly string[]): Task<number> {
  if (names.length === 0) {
    const machine = machineOf(process);
    const failed = manager.units.filter((unit) => unit.active === 'failed').length;
    yield* process.print(
      `● ${machine.hostname}\n    State: ${failed > 0 ? 'degraded' : 'running'}\n    Units: ${manager.units.length} loaded (incl. loaded aliases)\n     Jobs: 0 queued\n   Failed: ${failed} units\n    Since: ${timestamp(machine.kernel.bootedAt)}; ${ago(process.now() - machine.kernel.bootedAt)}\n`,
    );
    return 0;
  }
  let worst = 0;
  for (const [index, name] of names.entries()) {
    const unit = manager.find(name);
    if (!unit) {
      yield* process.error(`Unit ${full(name)} could not be found.\n`);
      worst = 4;
      continue;
    }
    if (unit.active !== 'active') worst = Math.max(worst, 3);
    if (index > 0) yield* process.print('\n');
    yield* process.print(portray(unit, manager, process, Number(options.get('n') ?? 10)));
  }
  return worst;
}

function portray(unit: Unit, manager: ServiceManager, process: Process, lines: number): string {
  const { definition } = unit;
  const dot = unit.active === 'active' ? '●' : unit.active === 'failed' ? '×' : '○';
  const preset = definition.static ? '' : `; preset: ${definition.preset ?? 'enabled'}`;
  const since =
    unit.active === 'inactive' && !manager.journal.some((line) => line.unit === definition.name)
      ? ''
      : ` since ${timestamp(unit.since)}; ${ago(process.now() - unit.since)}`;
  const results: Partial<Record<Unit['active'], string>> = {
    failed: ' (Result: signal)',
    activating: ` (${unit.sub}) (Result: signal)`,
  };
  const result = results[unit.active] ?? ` (${unit.sub})`;
  const rows: [string, string][] = [
    ['Loaded', `loaded (${unit.masked ? '/dev/null' : unitFile(unit)}; ${enablement(unit)}${preset})`],
    [
      'Active',
      `${unit.active}${unit.active === 'failed' ? ' ' : ''}${unit.active === 'failed' ? result.trim() : result}${since}`,
    ],
  ];
  for (const [index, page] of (definition.documentation ?? []).entries()) rows.push([index === 0 ? 'Docs' : '', page]);
  if (unit.active === 'active')
    for (const step of definition.steps ?? [])
      rows.push([
        'Process',
        `${unitPid(unit)} Exec${step.includes('exportfs') ? 'StartPre' : 'Start'}=${step} (code=exited, status=0/SUCCESS)`,
      ]);
  if (unit.process) {
    rows.push(['Main PID', `${unit.mainPid} (${unit.process.command})`]);
    rows.push(
      ['Tasks', '1 (limit: 4607)'],
      ['Memory', '5.6M'],
      ['CPU', '31ms'],
      ['CGroup', `/system.slice/${definition.name}`],
    );
  }
  let text = `${dot} ${definition.name} - ${definition.description}\n`;
  for (const [key, value] of rows) text += `${key.padStart(11)}${key ? ':' : ' '} ${value}\n`;
  if (unit.process)
    text += `             └─${unit.mainPid} ${unit.process.argv.map((a) => (a.includes(' ') && unit.process!.argv.length > 1 ? `"${a}"` : a)).join(' ')}\n`;
  const log = manager.journal.filter((line) => line.unit === definition.name).slice(-lines);
  if (log.length > 0) text += `\n${log.map((line) => `${journalLine(line, machineOf(process).hostname)}\n`).join('')}`;
  return text;
}

const unitPid = (unit: Unit): number => unit.mainPid || 701;

export const journalLine = (line: JournalEntry, host: string): string =>
  `${syslogTime(line.at)} ${host} ${line.identifier}[${line.pid}]: ${line.text}`;

const unitFile = (unit: Unit): string =>
  `${unit.definition.directory ?? '/lib/systemd/system'}/${unit.definition.name}`;

const enablement = (unit: Unit): string => {
  if (unit.masked) return 'masked';
  if (unit.definition.static) return 'static';
  return unit.enabled ? 'enabled' : 'disabled';
};

function* show({ process, manager, options }: Call, names: readonly string[]): Task<number> {
  for (const name of names) {
    const unit = manager.find(name);
    const all: [string, string][] = [
      ['Id', unit?.definition.name ?? full(name)],
      ['Description', unit?.definition.description ?? full(name)],
      ['LoadState', unit ? 'loaded' : 'not-found'],
      ['ActiveState', unit?.active ?? 'inactive'],
      ['SubState', unit?.sub ?? 'dead'],
      ['UnitFileState', unit ? enablement(unit) : ''],
      ['MainPID', String(unit?.process ? unit.mainPid : 0)],
      ['FragmentPath', unit ? unitFile(unit) : ''],
    ];
    const wanted = options.all('p').flatMap((list) => list.split(','));
    const rows = wanted.length > 0 ? all.filter(([key]) => wanted.includes(key)) : all;
    yield* process.print(rows.map(([key, value]) => `${options.has('value') ? '' : `${key}=`}${value}\n`).join(''));
  }
  return 0;
}

function* cat({ process, manager }: Call, names: readonly string[]): Task<number> {
  for (const name of names) {
    const unit = manager.find(name);
    if (!unit) {
      yield* process.error(`No files found for ${full(name)}.\n`);
      return 1;
    }
    const { definition } = unit;
    const exec = definition.command
      ? `ExecStart=${definition.command.join(' ')}\n`
      : (definition.steps ?? []).map((step) => `ExecStart=${step}\n`).join('');
    const type = definition.type ? `Type=${definition.type}\n` : '';
    const requires = definition.requires?.length ? `Requires=${definition.requires.join(' ')}\n` : '';
    const install = definition.static ? '' : '\n[Install]\nWantedBy=multi-user.target\n';
    yield* process.print(
      `# ${unitFile(unit)}\n[Unit]\nDescription=${definition.description}\n${requires}\n[Service]\n${type}${exec}${install}`,
    );
  }
  return 0;
}

function* listUnits({ process, manager, options }: Call): Task<number> {
  const types = options.get('t')?.split(',');
  const states = options.has('failed') ? ['failed'] : options.get('state')?.split(',');
  const units = manager.units.filter(
    (unit) =>
      (!types || types.some((type) => unit.definition.name.endsWith(`.${type}`))) &&
      (states
        ? states.includes(unit.active) || states.includes(unit.sub)
        : options.has('a') || unit.active !== 'inactive'),
  );
  const rows = units.map((unit) => [
    unit.active === 'failed' ? '●' : ' ',
    unit.definition.name,
    'loaded',
    unit.active,
    unit.sub,
    unit.definition.description,
  ]);
  const legend = options.has('no-legend')
    ? ''
    : `\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n${units.length} loaded units listed.${options.has('a') ? '' : ' Pass --all to see loaded but inactive units, too.'}\nTo show all installed unit files use 'systemctl list-unit-files'.\n`;
  const head = options.has('no-legend') ? [] : [[' ', 'UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION']];
  yield* process.print(
    formatTable([...head, ...rows], { align: ['left', 'left', 'left', 'left', 'left', 'left'] }) + legend,
  );
  return 0;
}

function* listUnitFiles({ process, manager, options }: Call): Task<number> {
  const types = options.get('t')?.split(',');
  const units = manager.units.filter(
    (unit) => !types || types.some((type) => unit.definition.name.endsWith(`.${type}`)),
  );
  const rows = units.map((unit) => [
    unit.definition.name,
    enablement(unit),
    unit.definition.static ? '-' : (unit.definition.preset ?? 'enabled'),
  ]);
  const table = formatTable([['UNIT FILE', 'STATE', 'PRESET'], ...rows], { align: ['left', 'left', 'left'] });
  yield* process.print(`${table}\n${units.length} unit files listed.\n`);
  return 0;
}

/** reboot(8), poweroff(8), halt(8), shutdown(8). */
export const powerProgram = (how: 'poweroff' | 'reboot'): Program =>
  function* (process) {
    if (inContainer(process) || process.uid !== 0) {
      yield* process.error(
        'Failed to set wall message, ignoring: Access denied\nFailed to power off system via logind: Access denied\n',
      );
      return 1;
    }
    return yield* power(how)(
      { process, manager: machineOf(process).units, options: parseOptions([], { short: '' }) },
      [],
    );
  };

export const shutdown: Program = function* (process, argv) {
  const reboots = argv.includes('-r') || argv.includes('--reboot');
  if (argv.includes('-c')) return 0;
  if (argv.includes('now') || argv.includes('+0'))
    return yield* powerProgram(reboots ? 'reboot' : 'poweroff')(process, argv);
  const at = process.now() + 60_000;
  yield* process.print(`Shutdown scheduled for ${timestamp(at)}, use 'shutdown -c' to cancel.\n`);
  const machine = machineOf(process);
  machine.clock.at(at, () => (reboots ? machine.reboot() : machine.powerOff()));
  return 0;
};

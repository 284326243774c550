/** The service manager (systemd(1)): starts, stops and watches units, and keeps the journal. */

import { contained, reportFault } from '../../sim/faults.ts';
import { isErrno } from '../errno.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import { KernelProcess } from '../kernel/process.ts';
import { SIGNAL_NUMBERS } from '../kernel/signals.ts';
import { daemon, type JournalEntry, type Unit, type UnitContext, type UnitDefinition, type UnitEnd } from './unit.ts';

export class UnitError extends Error {}

export class ServiceManager {
  readonly machine: KernelMachine;
  readonly journal: JournalEntry[] = [];
  readonly #units = new Map<string, Unit>();
  readonly #aliases = new Map<string, string>();

  constructor(machine: KernelMachine) {
    this.machine = machine;
    machine.onBoot.push(() => this.#boot());
    machine.onPowerOff.push(() => this.#shutDown());
  }

  get units(): readonly Unit[] {
    return [...this.#units.values()].sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  }

  /** A unit file appears (a package was installed, the kubelet set up). */
  add(definition: UnitDefinition): Unit {
    const unit: Unit = {
      definition,
      enabled: definition.enabled ?? false,
      masked: false,
      active: 'inactive',
      sub: 'dead',
      since: this.machine.clock.now,
      because: this.machine.clock.cause,
      process: undefined,
      mainPid: 0,
      undo: undefined,
      restart: undefined,
      restarts: 0,
    };
    this.#units.set(definition.name, unit);
    for (const alias of definition.aliases ?? []) this.#aliases.set(alias, definition.name);
    return unit;
  }

  remove(name: string): void {
    const unit = this.find(name);
    if (!unit) return;
    if (unit.active === 'active') this.stop(unit);
    this.#units.delete(unit.definition.name);
  }

  /** `ssh`, `ssh.service` or an alias. */
  find(name: string): Unit | undefined {
    const full = /\.(service|socket|target|mount|timer|path)$/.test(name) ? name : `${name}.service`;
    return this.#units.get(this.#aliases.get(full) ?? full);
  }

  start(unit: Unit): void {
    if (unit.masked) throw new UnitError(`Unit ${unit.definition.name} is masked.`);
    if (unit.active === 'active') return;
    this.#cancelRestart(unit);
    const { definition } = unit;
    for (const name of definition.requires ?? []) {
      const other = this.find(name);
      if (other && other.active !== 'active') this.start(other);
    }
    if (definition.type !== 'oneshot')
      this.log('init', `Starting ${definition.name} - ${definition.description}...`, definition.name);
    if (definition.command) this.#spawn(unit, definition.command);
    unit.active = 'active';
    unit.sub = definition.type === 'oneshot' ? 'exited' : unit.process ? 'running' : subOf(definition.name);
    this.#turned(unit);
    this.#bringUp(unit);
    this.log(
      'init',
      `${definition.type === 'oneshot' ? 'Finished' : 'Started'} ${definition.name} - ${definition.description}.`,
      definition.name,
    );
  }

  #turned(unit: Unit): void {
    const { now, cause } = this.machine.clock;
    unit.since = now;
    unit.because = cause;
  }

  /** What a service does to its machine may fail, as by a file that cannot be read: the unit has failed then. Throws UnitError. */
  #bringUp(unit: Unit): void {
    const { name } = unit.definition;
    try {
      unit.undo = unit.definition.start?.(this.#context(unit));
    } catch (error) {
      if (!isErrno(error)) reportFault(`unit ${name} of ${this.machine.hostname}`, error);
      const { process } = unit;
      unit.process = undefined;
      process?.terminate('SIGKILL');
      unit.active = unit.sub = 'failed';
      this.log('init', `${name}: Main process exited, code=exited, status=1/FAILURE`, name);
      this.log('init', `${name}: Failed with result 'exit-code'.`, name);
      this.log('init', `Failed to start ${name} - ${unit.definition.description}.`, name);
      throw new UnitError(
        `Job for ${name} failed because the control process exited with error code.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.`,
      );
    }
  }

  stop(unit: Unit): void {
    if (unit.active !== 'active') {
      this.#cancelRestart(unit);
      unit.active = 'inactive';
      unit.sub = 'dead';
      return;
    }
    const { definition } = unit;
    for (const other of this.#units.values()) {
      if (other.definition.partOf?.includes(definition.name) && other.active === 'active') this.stop(other);
    }
    this.log('init', `Stopping ${definition.name} - ${definition.description}...`, definition.name);
    this.#undo(unit, 'stopped');
    unit.active = 'inactive';
    unit.sub = 'dead';
    this.#turned(unit);
    const { process } = unit;
    unit.process = undefined;
    process?.terminate('SIGTERM');
    this.log('init', `${definition.name}: Deactivated successfully.`, definition.name);
    this.log('init', `Stopped ${definition.name} - ${definition.description}.`, definition.name);
  }

  restart(unit: Unit): void {
    const dependants = [...this.#units.values()].filter(
      (other) => other.active === 'active' && other.definition.partOf?.includes(unit.definition.name),
    );
    this.stop(unit);
    this.start(unit);
    for (const other of dependants) this.start(other);
  }

  reload(unit: Unit): void {
    if (!unit.definition.reload) throw new UnitError('Job type reload is not applicable for unit');
    this.log('init', `Reloading ${unit.definition.name} - ${unit.definition.description}...`, unit.definition.name);
    unit.definition.reload(this.#context(unit));
    this.log('init', `Reloaded ${unit.definition.name} - ${unit.definition.description}.`, unit.definition.name);
  }

  /** Lines of the journal; `init` stands for systemd itself. */
  log(identifier: string, text: string, unit: string, pid = 1): void {
    this.journal.push({
      at: this.machine.clock.now,
      unit,
      identifier: identifier === 'init' ? 'systemd' : identifier,
      pid,
      text,
    });
    if (this.journal.length > 2_000) this.journal.splice(0, 500);
  }

  #context(unit: Unit): UnitContext {
    const fallback = unit.process?.command ?? unit.definition.name.replace(/\.\w+$/, '');
    return {
      machine: this.machine,
      log: (text, identifier = fallback) => this.log(identifier, text, unit.definition.name, unit.mainPid || 1),
    };
  }

  #spawn(unit: Unit, argv: readonly string[]): void {
    const { init, kernel } = this.machine;
    const process = new KernelProcess({
      kernel,
      parent: init,
      pids: kernel.pids,
      uts: init.uts,
      argv,
      env: new Map(init.env),
      files: new Map(),
      view: (waiting) => init.view.fork(init.view.credentials, waiting),
      umask: 0o022,
      tty: undefined,
      background: true,
      unattended: true,
      tasks: kernel.tasks.unit(),
      attached: true,
    });
    unit.process = process;
    unit.mainPid = process.pid;
    process.start(daemon);
    process.whenDone((status) => {
      if (unit.process !== process) return;
      this.#undo(unit, 'crashed');
      unit.process = undefined;
      const graceful = 'code' in status ? status.code === 0 : status.signal === 'SIGTERM';
      unit.active = graceful ? 'inactive' : 'failed';
      unit.sub = graceful ? 'dead' : 'failed';
      this.#turned(unit);
      const how =
        'code' in status
          ? `code=exited, status=${status.code}`
          : `code=killed, status=${signalNumber(status.signal)}/${status.signal.slice(3)}`;
      this.log('init', `${unit.definition.name}: Main process exited, ${how}`, unit.definition.name);
      if (graceful) this.log('init', `${unit.definition.name}: Deactivated successfully.`, unit.definition.name);
      else
        this.log(
          'init',
          `${unit.definition.name}: Failed with result '${'code' in status ? 'exit-code' : 'signal'}'.`,
          unit.definition.name,
        );
      this.#restartLater(unit);
    });
  }

  /** Restart=always: an end that nobody asked for is not the last word. */
  #restartLater(unit: Unit): void {
    const { restartAfter, name, description } = unit.definition;
    if (restartAfter === undefined || !this.machine.up) return;
    unit.active = 'activating';
    unit.sub = 'auto-restart';
    unit.restart = this.machine.clock.after(restartAfter, () => {
      unit.restart = undefined;
      unit.active = 'inactive';
      unit.restarts++;
      this.log('init', `${name}: Scheduled restart job, restart counter is at ${unit.restarts}.`, name);
      this.log('init', `Stopped ${name} - ${description}.`, name);
      this.#tryStart(unit);
    });
  }

  #cancelRestart(unit: Unit): void {
    unit.restart?.cancel();
    unit.restart = undefined;
  }

  #undo(unit: Unit, end: UnitEnd): void {
    const { undo } = unit;
    unit.undo = undefined;
    contained(`unit ${unit.definition.name} of ${this.machine.hostname}`, () => undo?.(end));
  }

  /** Nobody waits for the job: its failure stands in the journal. */
  #tryStart(unit: Unit): void {
    try {
      this.start(unit);
    } catch (error) {
      if (!(error instanceof UnitError)) reportFault(`unit ${unit.definition.name} of ${this.machine.hostname}`, error);
    }
  }

  #boot(): void {
    for (const unit of this.#units.values()) {
      this.#cancelRestart(unit);
      unit.active = 'inactive';
      unit.sub = 'dead';
      unit.restarts = 0;
      unit.process = undefined;
      this.#turned(unit);
    }
    for (const unit of [...this.#units.values()])
      if (unit.enabled && !unit.masked && unit.active !== 'active') this.#tryStart(unit);
  }

  #shutDown(): void {
    for (const unit of [...this.#units.values()].reverse()) {
      this.#cancelRestart(unit);
      if (unit.active === 'active') this.stop(unit);
    }
  }
}

const signalNumber = (signal: keyof typeof SIGNAL_NUMBERS): number => SIGNAL_NUMBERS[signal];

const subOf = (name: string): string =>
  name.endsWith('.socket') ? 'listening' : name.endsWith('.service') ? 'exited' : 'active';

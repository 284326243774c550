/** Which packages a machine has (dpkg), and what installing or removing one does to it. */

import type { Cause } from '../../sim/cause.ts';
import type { Clock } from '../../sim/clock.ts';
import { binaryPath } from '../filesystem/debian-base.ts';
import type { Disk } from '../filesystem/disk.ts';
import type { Inode } from '../filesystem/inode.ts';
import { plant, plantOne } from '../filesystem/tree.ts';
import type { ProgramTable } from '../machine.ts';
import type { ServiceManager } from '../systemd/manager.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Package } from './package.ts';

/** Where packages go: a machine, or a container's root directory. */
export interface PackageHost {
  readonly rootFileSystem: { readonly root: Inode; readonly disk: Disk };
  readonly programs: ProgramTable;
  /** In a container nobody starts services. */
  readonly units?: ServiceManager;
  readonly up: boolean;
  readonly clock?: Pick<Clock, 'now' | 'cause'>;
}

export class PackageDatabase {
  readonly machine: PackageHost;
  readonly #installed = new Map<string, 'automatic' | 'manual'>();
  /** Removed but not purged: their configuration is still there. */
  readonly #leftovers = new Set<string>();

  /** When each was last installed or removed, and why. */
  readonly changes = new Map<string, { readonly at: number; readonly because: Cause | undefined }>();

  constructor(machine: PackageHost) {
    this.machine = machine;
  }

  has(name: string): boolean {
    return this.#installed.has(name);
  }

  isAutomatic(name: string): boolean {
    return this.#installed.get(name) === 'automatic';
  }

  get installed(): readonly Package[] {
    return [...this.#installed.keys()].sort().map((name) => CATALOGUE.get(name)!);
  }

  get leftovers(): readonly Package[] {
    return [...this.#leftovers].sort().map((name) => CATALOGUE.get(name)!);
  }

  get inContainer(): boolean {
    return this.machine.units === undefined;
  }

  #changed({ name }: Package): void {
    const { clock } = this.machine;
    if (clock) this.changes.set(name, { at: clock.now, because: clock.cause });
  }

  markManual(name: string): void {
    this.#installed.set(name, 'manual');
  }

  /** Everything that installing these brings, dependencies before dependants. */
  closure(names: readonly string[]): Package[] {
    const found = new Map<string, Package>();
    const visit = (name: string) => {
      const one = CATALOGUE.get(name);
      if (!one || found.has(name) || this.has(name)) return;
      for (const dependency of one.depends ?? []) visit(dependency);
      found.set(name, one);
    };
    for (const name of names) visit(name);
    return [...found.values()];
  }

  /** Installed packages that need one of these, and these. */
  dependants(names: readonly string[]): Package[] {
    const going = new Set(names.filter((name) => this.has(name)));
    for (let size = -1; size !== going.size; ) {
      size = going.size;
      for (const one of this.installed) if (one.depends?.some((name) => going.has(name))) going.add(one.name);
    }
    return [...going].sort().map((name) => CATALOGUE.get(name)!);
  }

  /** Came as dependencies, and nobody needs them any more. */
  orphans(without: ReadonlySet<string> = new Set()): Package[] {
    const kept = new Set(
      this.installed.filter((one) => !without.has(one.name) && !this.isAutomatic(one.name)).map((one) => one.name),
    );
    for (let size = -1; size !== kept.size; ) {
      size = kept.size;
      for (const name of kept) for (const dependency of CATALOGUE.get(name)?.depends ?? []) kept.add(dependency);
    }
    return this.installed.filter((one) => !without.has(one.name) && !kept.has(one.name));
  }

  /** Unpacks its files and configures it; units that ask for it start. */
  install(one: Package, how: 'automatic' | 'manual'): void {
    const { rootFileSystem, programs, units } = this.machine;
    const { root } = rootFileSystem;
    this.#installed.set(one.name, how);
    this.#changed(one);
    this.#leftovers.delete(one.name);
    // What was there before the first boot is in the disk's own count.
    if (this.machine.up) rootFileSystem.disk.allocate(one.installedSize * 1024);
    for (const program of one.programs ?? [])
      if (programs.has(program) && !this.#exists(binaryPath(program))) plantOne(root, binaryPath(program), { program });
    plant(root, one.files ?? {});
    for (const [path, entry] of Object.entries(one.configuration ?? {})) {
      if (!this.#exists(path)) plantOne(root, path, entry);
    }
    if (!units) return;
    for (const definition of one.units ?? []) {
      const unit = units.add(definition);
      unit.enabled = definition.preset === 'enabled';
      if (unit.enabled && this.machine.up) units.start(unit);
    }
  }

  remove(one: Package, purge: boolean): void {
    const { rootFileSystem, units } = this.machine;
    this.#installed.delete(one.name);
    this.#changed(one);
    for (const { name } of one.units ?? []) units?.remove(name);
    rootFileSystem.disk.allocate(one.essential ? 0 : -one.installedSize * 1024);
    for (const program of one.programs ?? []) this.#delete(binaryPath(program));
    for (const path of Object.keys(one.files ?? {})) if (!path.endsWith('/')) this.#delete(path);
    if (!purge && one.configuration) {
      this.#leftovers.add(one.name);
      return;
    }
    this.#leftovers.delete(one.name);
    for (const path of Object.keys(one.configuration ?? {})) this.#delete(path);
  }

  /** Its files, as `dpkg -L` lists them. */
  files(one: Package): string[] {
    const own = [
      ...(one.programs ?? []).map(binaryPath),
      ...Object.keys(one.files ?? {}),
      ...Object.keys(one.configuration ?? {}),
      `usr/share/doc/${one.name}/copyright`,
    ];
    const all = new Set<string>();
    for (const path of own) {
      const parts = path.split('/').filter(Boolean);
      for (let i = 1; i <= parts.length; i++) all.add(`/${parts.slice(0, i).join('/')}`);
    }
    return ['/.', ...[...all].sort()];
  }

  #exists(path: string): boolean {
    return this.#locate(path)?.inode !== undefined;
  }

  #delete(path: string): void {
    const found = this.#locate(path);
    if (found?.inode) found.parent.remove(found.name);
  }

  #locate(path: string) {
    const names = path.split('/').filter(Boolean);
    const name = names.pop()!;
    let parent = this.machine.rootFileSystem.root.fs.root;
    for (const part of names) {
      const next = parent.lookup(part);
      const real = next?.type === 'symlink' ? this.machine.rootFileSystem.root.lookup('usr')?.lookup(part) : next;
      if (!real) return undefined;
      parent = real as typeof parent;
    }
    return { parent, name, inode: parent.lookup(name) };
  }
}

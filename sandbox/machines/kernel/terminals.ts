/** devpts: the terminals that are open, as files. */

import { BaseInode, type FileSystem, type Inode } from '../filesystem/inode.ts';
import { SyntheticDirectory, SyntheticFileSystem } from '../filesystem/synthetic.ts';
import type { FileType, OpenFile, Stat } from '../process.ts';
import type { TerminalDevice } from '../tty/terminal.ts';
import type { KernelMachine } from './machine.ts';

export function terminalFileSystem(machine: KernelMachine): FileSystem {
  return new SyntheticFileSystem(
    'devpts',
    machine.nextDevice(),
    () => machine.clock.now,
    (fs) => {
      const known = new WeakMap<TerminalDevice, Inode>();
      return new SyntheticDirectory(fs, {}, undefined, {
        names: () => [...machine.kernel.terminals.keys()].map(String),
        lookup: (name) => {
          const terminal = /^\d+$/.test(name) ? machine.kernel.terminals.get(Number(name)) : undefined;
          if (!terminal) return undefined;
          const inode = known.get(terminal) ?? new TerminalInode(fs, terminal);
          known.set(terminal, inode);
          return inode;
        },
      });
    },
  );
}

class TerminalInode extends BaseInode {
  readonly fs: FileSystem;
  readonly type: FileType = 'char';
  readonly #terminal: TerminalDevice;

  constructor(fs: FileSystem, terminal: TerminalDevice) {
    super();
    this.fs = fs;
    this.#terminal = terminal;
  }

  device = (): OpenFile => this.#terminal.open();

  stat(): Stat {
    return this.#terminal.stat();
  }

  override change(): void {}
}

/** What the page may see of a machine's files. Everything here is plain data. */

export type FileKind = 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** A name in a directory, as `ls -l` would have it. */
export interface FileEntry {
  readonly name: string;
  /** Of a symbolic link: what it leads to is in `leads`. */
  readonly type: FileKind;
  /** Bytes. */
  readonly size: number;
  /** The twelve bits of rights: `0o644`. */
  readonly mode: number;
  /** The owner's name, or the number of one who has none. */
  readonly owner: string;
  /** Of its content: milliseconds since the epoch, in the lab's time. */
  readonly modified: number;
  /** Of a symbolic link. */
  readonly target?: string;
  readonly leads?: FileKind;
  /** A network filesystem is mounted there whose server does not answer now. */
  readonly unreachable?: true;
}

/** Why there is nothing to see. */
export interface FileProblem {
  /**
   * `refused`: the machine's own answer (no such file, permission denied); `unanswered`: it lies on a server that does not answer
   * now (a program would wait); `off`: the machine is; `made`: it is made when it is read (/proc, devices), which looking does not;
   * `binary` and `large`: no text for an editor.
   */
  readonly kind: 'refused' | 'unanswered' | 'off' | 'made' | 'binary' | 'large';
  /** In the machine's own words: `Permission denied`. */
  readonly message: string;
}

/** `path`: where the directory really is, links followed. In directory order; `more` names beyond the first thousand are not told. */
export type FileListing =
  | { readonly path: string; readonly entries: readonly FileEntry[]; readonly more: number }
  | { readonly problem: FileProblem };

export type FileText =
  | { readonly path: string; readonly text: string; readonly modified: number; readonly mode: number }
  | { readonly problem: FileProblem };

/** Looking at a machine's files, as root, without a trace: no time passes, nothing is noted, nothing waits. */
export interface LookingFunctions {
  files(host: string, path: string): Promise<FileListing>;
  readFile(host: string, path: string): Promise<FileText>;
}

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
  | {
      readonly path: string;
      readonly text: string;
      readonly modified: number;
      readonly mode: number;
      /** Somebody has it open in vi. */
      readonly inVi: boolean;
    }
  | { readonly problem: FileProblem };

/** Looking at a machine's files, as root, without a trace: no time passes, nothing is noted, nothing waits. */
export interface LookingFunctions {
  files(host: string, path: string): Promise<FileListing>;
  readFile(host: string, path: string): Promise<FileText>;
  /** Of manifests, one document each. */
  judge(manifests: readonly string[]): Promise<readonly Judgement[]>;
  kinds(): Promise<readonly KindHelp[]>;
  /** `path` without the positions in lists: `['spec', 'containers', 'image']`. */
  fieldHelp(apiVersion: string, kind: string, path: readonly string[]): Promise<FieldHelp | undefined>;
}

export interface SaveRequest {
  /** Absolute. */
  readonly path: string;
  readonly data: string;
  /** The hash of what the text was made from: the save is refused where the file is another now. Absent: it is overwritten. */
  readonly base?: number;
}

export type SaveResult =
  | { readonly modified: number }
  /** Somebody else wrote it, or made or removed it: nothing was written. */
  | { readonly changed: true }
  | { readonly problem: FileProblem };

/** FNV-1a of a file's text; 0 of a file that is not there. */
export function contentHash(text: string | undefined): number {
  if (text === undefined) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}

/** What `kubectl apply --dry-run=server` would print of a document: '' when it would be taken. */
export interface Judgement {
  readonly error: string;
  readonly warnings: readonly string[];
}

export interface KindHelp {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What the cluster's OpenAPI documents say of a field. */
export interface FieldHelp {
  /** As `kubectl explain` writes it: `[]Container`, `map[string]string`. */
  readonly type: string;
  readonly description: string;
  /** Of an enumeration. */
  readonly values: readonly string[];
  /** What may stand in it, or in its items. */
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly description: string;
    readonly required: boolean;
  }[];
}

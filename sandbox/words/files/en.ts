/** English: what the file tree and the editor say. Loaded with them. */

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export const files = {
  title: 'Files',
  machine: 'Machine',
  tree: (host: string) => `Files of ${host}`,
  hide: 'Close the files',
  back: 'All files',
  whole: 'All of the machine (/)',
  home: (path: string) => `Home folder (${path})`,
  link: (target: string) => `link to ${target}`,
  broken: (target: string) => `link to ${target}, which is not there`,
  special: 'device or pipe',
  silent: 'its server does not answer',
  unsaved: 'not saved',
  empty: 'empty',
  more: (n: number) => `${n} more: ls shows them`,
  newFile: 'New file',
  newFolder: 'New folder',
  rename: 'Rename',
  remove: 'Delete',
  pathOfNewFile: 'Path of the new file',
  pathOfNewFolder: 'Path of the new folder',
  renameTo: (path: string) => `New path of ${path}`,
  open: 'Open',
  typeIt: 'Type it into the terminal',
  cancel: 'Cancel',
  typedNote: 'New folder, Rename and Delete type the command into the terminal, where you see what it says.',
  choose:
    'Choose a file from the tree. What is saved here is the same file that cat, vi and kubectl read on that machine.',
  problem: {
    refused: (path: string, message: string) => `${path}: ${message}`,
    unanswered: (path: string) =>
      `${path} is on an NFS mount whose server does not answer. A program that reads it would wait.`,
    off: (host: string) => `${host} is switched off.`,
    made: (path: string) => `${path} is made by the kernel when it is read. Read it in the terminal.`,
    binary: (path: string) => `${path} is not text.`,
    large: (path: string) => `${path} is too long for this editor (over 1 MB). Read it in the terminal with less.`,
  },
  editor: (path: string, host: string) => `${path} on ${host}`,
  entered:
    'Ctrl+S saves. Ctrl+Space completes, F1 tells what a field is, F8 goes to the next problem. Esc, then Tab leaves the editor.',
  leave: 'Press Tab to leave the editor.',
  save: 'Save',
  saved: (path: string) => `Saved ${path}`,
  apply: 'Apply',
  applyNote: (command: string) => `Types ${command} into the terminal`,
  state: { new: 'new file', changed: 'not saved', same: 'saved' },
  saving: 'Saving …',
  waiting:
    'Still saving: the server of this mount does not answer, and the write waits for it, as any program’s would.',
  failed: (path: string, message: string) => `${path} was not saved: ${message}. Your text is still here.`,
  unsaid: 'It is not known whether it was saved: the lab was started again meanwhile. Your text is still here.',
  followed: (path: string) => `${path} was changed on the machine: this is how it is now.`,
  gone: (path: string) => `${path} is no longer there. Save makes it again.`,
  conflict: (path: string) =>
    `${path} was changed on the machine while you were writing. Nothing has been overwritten.`,
  theirs: 'What is on the machine',
  takeTheirs: 'Show what is on the machine',
  keepMine: 'Overwrite it with mine',
  takeNote: 'Ctrl+Z brings your text back.',
  inVi: (path: string) =>
    `${path} is also open in vi, which does not see what is saved here until :e! reads it again. Whoever saves last wins.`,
  problems: (errors: number, warnings: number) =>
    errors + warnings === 0
      ? 'No problems'
      : [errors > 0 && count(errors, 'problem'), warnings > 0 && count(warnings, 'warning')].filter(Boolean).join(', '),
  line: (n: number) => `line ${n}`,
  required: 'required',
  help: 'Field at the cursor',
  noHelp: 'No field here.',
  phrases: {} as Readonly<Record<string, string>>,
};

export type FilesWords = typeof files;

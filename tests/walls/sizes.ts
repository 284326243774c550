/**
 * Files over 400 lines and functions over 70: those that there still are. A number here is the most that it may have, and only ever falls; what
 * has come under the limit leaves the list. Each is one concept that has not been taken apart yet, or is better read in one piece.
 */

export const FILE_LINES = 400;
export const FUNCTION_LINES = 70;

export const LONG_FILES: Readonly<Record<string, number>> = {
  'sandbox/controllers/persistentvolume-binder/binder.properties.test.ts': 428,
  'sandbox/kubectl/resource/builder.ts': 429,
  'sandbox/kubectl/yaml/scanner.ts': 573,
  'sandbox/kubelet/kubelet.ts': 458,
  'sandbox/kubelet/pod-worker.ts': 450,
  'sandbox/kubelet/volumes/nfs-failures.test.ts': 628,
  'sandbox/machines/filesystem/memory.ts': 417,
  'sandbox/machines/kernel/process.ts': 860,
  'sandbox/machines/programs/awk/interpreter.ts': 858,
  'sandbox/machines/programs/awk/parse.ts': 539,
  'sandbox/machines/programs/editors/vi-ex.ts': 577,
  'sandbox/machines/programs/editors/vi.ts': 762,
  'sandbox/machines/programs/files/copy.ts': 526,
  'sandbox/machines/programs/files/dd.ts': 468,
  'sandbox/machines/programs/files/find.ts': 621,
  'sandbox/machines/programs/files/ls.ts': 507,
  'sandbox/machines/programs/files/manage.ts': 487,
  'sandbox/machines/programs/regex/regex.ts': 453,
  'sandbox/machines/programs/text/grep.ts': 429,
  'sandbox/machines/programs/text/sed-parse.ts': 427,
  'sandbox/machines/programs/text/sed.ts': 657,
  'sandbox/machines/shell/command.ts': 437,
  'sandbox/machines/shell/dialects/grammar.ts': 583,
  'sandbox/machines/shell/expand/arithmetic.ts': 464,
  'sandbox/machines/shell/grammar.ts': 407,
  'sandbox/machines/shell/interpreter.ts': 507,
  'sandbox/machines/shell/lexer.ts': 439,
  'sandbox/machines/shell/print-command.ts': 422,
  'sandbox/machines/shell/readline/editor.ts': 426,
  'sandbox/machines/shell/shell.ts': 622,
  'sandbox/machines/system-programs/nfs/mount-nfs.ts': 423,
  'sandbox/machines/system-programs/services/systemctl.ts': 479,
  'src/runtime/session.svelte.ts': 573,
  'tests/fuzz/cluster-inputs.ts': 505,
  'tests/fuzz/operations.ts': 408,
};

/** Tests' own functions are stories, and not counted. */
export const LONG_FUNCTIONS: Readonly<Record<string, number>> = {
  'sandbox/api/testing.ts startApi': 72,
  'sandbox/kubectl/test-bed.ts #environment': 74,
  'sandbox/kubelet/programs/docker-view.ts inspectContainer': 72,
  'sandbox/kubelet/testing/lab.ts startLab': 114,
  'sandbox/machines/nfs/exports.ts readExports': 74,
  'sandbox/machines/nfs/mount.ts mountOptions': 80,
  'sandbox/machines/programs/awk/interpreter.ts #builtin': 72,
  'sandbox/machines/programs/editors/less.ts #press': 88,
  'sandbox/machines/programs/editors/vi-ex.ts runEx': 113,
  'sandbox/machines/programs/editors/vi.ts #action': 122,
  'sandbox/machines/programs/editors/vi.ts #visualCommand': 78,
  'sandbox/machines/programs/files/find.ts #primary': 188,
  'sandbox/machines/programs/files/tar.ts create': 77,
  'sandbox/machines/programs/format/date-parse.ts parseDate': 79,
  'sandbox/machines/programs/format/printf.ts printf': 154,
  'sandbox/machines/programs/format/time.ts fieldOf': 113,
  'sandbox/machines/programs/regex/regex.ts #at': 72,
  'sandbox/machines/programs/text/grep.ts search': 72,
  'sandbox/machines/programs/text/sed.ts #execute': 112,
  'sandbox/machines/shell/readline/editor.ts #command': 93,
  'sandbox/machines/system-programs/storage/lslocks.ts in tool(…)': 73,
  'tests/fuzz/shell-inputs.ts in fc.letrec(…)': 105,
};

/** System call errors, with the words of strerror(3) in the C locale. */

const MESSAGES = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  ESRCH: 'No such process',
  EINTR: 'Interrupted system call',
  EIO: 'Input/output error',
  E2BIG: 'Argument list too long',
  EBADF: 'Bad file descriptor',
  ECHILD: 'No child processes',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EXDEV: 'Invalid cross-device link',
  ENODEV: 'No such device',
  ENXIO: 'No such device or address',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENFILE: 'Too many open files in system',
  EMFILE: 'Too many open files',
  ENOTTY: 'Inappropriate ioctl for device',
  ETXTBSY: 'Text file busy',
  EFBIG: 'File too large',
  ENOSPC: 'No space left on device',
  ESPIPE: 'Illegal seek',
  EROFS: 'Read-only file system',
  EMLINK: 'Too many links',
  EPIPE: 'Broken pipe',
  ENAMETOOLONG: 'File name too long',
  EDEADLK: 'Resource deadlock avoided',
  ENOLCK: 'No locks available',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  ENOEXEC: 'Exec format error',
  ENOTSUP: 'Operation not supported',
  EPROTONOSUPPORT: 'Protocol not supported',
  ESTALE: 'Stale file handle',
  ETIMEDOUT: 'Connection timed out',
  ECONNREFUSED: 'Connection refused',
  EDQUOT: 'Disk quota exceeded',
  EHOSTUNREACH: 'No route to host',
} as const;

export type ErrnoCode = keyof typeof MESSAGES;

export class Errno extends Error {
  readonly code: ErrnoCode;
  constructor(code: ErrnoCode) {
    // An answer, not a fault: a stack trace would cost more than the call that failed.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(MESSAGES[code]);
    Error.stackTraceLimit = limit;
    this.code = code;
  }
}

export const isErrno = (error: unknown, ...codes: ErrnoCode[]): error is Errno =>
  error instanceof Errno && (codes.length === 0 || codes.includes(error.code));

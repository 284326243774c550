/** What exec and attach say over any transport: how a session ended, how large a terminal is. */

import type { ExecSession, TerminalSize } from '../../api/http.ts';

/** As the kubelet ends a session (kubelet/pkg/cri/streaming/remotecommand/exec.go). */
export function endStatus(end: { readonly exitCode?: number; readonly error?: string }): object {
  if (end.error !== undefined)
    return {
      metadata: {},
      status: 'Failure',
      message: end.error,
      reason: 'InternalError',
      details: { causes: [{ message: end.error }] },
      code: 500,
    };
  if (!end.exitCode) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${end.exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(end.exitCode) }] },
  };
}

/** Several may come in one message, run together or by lines; what is no size is passed over. */
export function terminalSizes(json: string): TerminalSize[] {
  return [...json.matchAll(/\{[^}]*\}/g)].flatMap(([text]) => {
    const size = parsed(text);
    return size?.Width && size.Height ? [{ columns: size.Width, rows: size.Height }] : [];
  });
}

function parsed(text: string): { Width?: number; Height?: number } | undefined {
  try {
    return JSON.parse(text) as { Width?: number; Height?: number };
  } catch {
    return undefined;
  }
}

/** Nobody listens any more. */
export function abandon({ stdin, stdout, stderr }: ExecSession): void {
  for (const channel of [stdin, stdout, stderr]) channel.cancel();
}

/** What an end status tells the client. */
export function endOf(json: string): { exitCode?: number; error?: string } {
  const { status, message, details } = statusIn(json);
  if (status === 'Success') return { exitCode: 0 };
  const code = details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  return code !== undefined ? { exitCode: Number(code) } : { error: message ?? 'unknown' };
}

interface EndStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: { readonly reason?: string; readonly message?: string }[] };
}

/** What a server says that does not keep to the protocol is its message. */
function statusIn(json: string): EndStatus {
  try {
    return (JSON.parse(json) as EndStatus | null) ?? {};
  } catch {
    return { message: json };
  }
}

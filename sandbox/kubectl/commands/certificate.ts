/** `kubectl certificate approve` and `deny` (kubectl pkg/cmd/certificates). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { FILE_FLAGS, PRINT_FLAGS } from '../cli/flags.ts';
import { compactJson } from '../printers/json.ts';
import { resultPrinter } from '../printers/output.ts';
import { forEach, selectionOf } from '../resource/builder.ts';
import { type Info, infoPath, type KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';

interface Decision {
  readonly name: string;
  /** `approved`. */
  readonly operation: string;
  readonly type: string;
  readonly opposite: string;
  readonly reason: string;
}

const decision = (decided: Decision): Command => ({
  name: decided.name,
  flags: `force=false ${FILE_FLAGS} ${PRINT_FLAGS}`,
  *run(session) {
    const { args, flags } = session;
    if (args.length === 0 && flags.list('filename').length === 0 && !flags.string('kustomize'))
      throw new CommandError('one or more CSRs must be specified as <name> or -f <filename>');
    const found = yield* forEach(
      session,
      {
        ...selectionOf(session),
        args: args.length > 0 ? ['certificatesigningrequests', ...args] : [],
        latest: true,
        continueOnError: true,
      },
      (info) => decide(session, info, decided),
    );
    if (found === 0) yield* session.out('No resources found\n');
  },
});

interface Condition {
  readonly type: string;
}

function* decide(session: Session, info: Info, { type, opposite, reason, operation, name }: Decision): Task<void> {
  const request = info.object!;
  if (request.kind !== 'CertificateSigningRequest')
    throw new CommandError(
      `can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${request.kind}`,
    );
  const status = (request.status ?? {}) as { conditions?: Condition[] };
  const conditions = status.conditions ?? [];
  if (conditions.some((each) => each.type === opposite))
    throw new CommandError(`certificate signing request ${quote(info.name)} is already ${opposite}`);
  const already = conditions.some((each) => each.type === type);
  if (!already || session.flags.bool('force')) {
    const lastUpdateTime = new Date(session.environment.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const message = `This CSR was ${operation} by kubectl certificate ${name}.`;
    const added = already ? [] : [{ type, status: 'True', reason, message, lastUpdateTime }];
    const body = compactJson({ ...request, status: { ...status, conditions: [...conditions, ...added] } });
    info.object = yield* (yield* session.client()).json<KObject>('PUT', `${infoPath(info)}/approval`, { body });
  }
  yield* session.out((yield* resultPrinter(session, operation))(info.object!, info.mapping));
}

export const certificate: Command = {
  name: 'certificate',
  helpOnly: true,
  commands: [
    decision({
      name: 'approve',
      operation: 'approved',
      type: 'Approved',
      opposite: 'Denied',
      reason: 'KubectlApprove',
    }),
    decision({ name: 'deny', operation: 'denied', type: 'Denied', opposite: 'Approved', reason: 'KubectlDeny' }),
  ],
};

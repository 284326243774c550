/** `kubectl set selector`, `set serviceaccount`, `set subject`. */

import { parseLabelSelector } from '../../../api/selectors.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../../cli/flags.ts';
import type { KObject } from '../../resource/info.ts';
import { withPodSpec } from '../pod-template.ts';
import { SET_FLAGS, updateAll } from './update.ts';

/** As metav1.LabelSelectorRequirement names them. */
const OPERATORS: Readonly<Record<string, string>> = {
  in: 'In',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
};

export const setSelector: Command = {
  name: 'selector',
  flags: `resource-version='' all=false ${DRY_RUN_FLAG} field-manager='kubectl-set' local=false ${RECORD_FLAG} -f,filename=[] -R,recursive=true ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    if (session.args.length === 0) throw new CommandError('one selector is required');
    const args = session.args.slice(0, -1);
    const expression = session.args[session.args.length - 1] ?? '';
    if (session.args.length < 2 && session.flags.list('filename').length === 0) {
      throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    }
    const selector: Record<string, string> = {};
    const requirements = parseLabelSelector(expression);
    const inexpressible = requirements.filter(({ operator }) => !['=', '==', 'Equals'].includes(operator as string));
    for (const { key, values } of requirements) selector[key] = [...(values ?? [])][0] ?? '';
    yield* updateAll(session, {
      args,
      operation: 'selector updated',
      tellsUnchanged: true,
      *change(info) {
        if (info.object!.kind !== 'Service')
          throw new CommandError(`setting a selector is only supported for Services`);
        if (inexpressible.length > 0) {
          const shown = inexpressible.map(
            ({ key, operator, values }) =>
              `{${key} ${OPERATORS[operator] ?? operator} [${[...(values ?? [])].join(' ')}]}`,
          );
          throw new CommandError(`match expression [${shown.join(' ')}] not supported on this object`);
        }
        const spec = info.object!.spec as object;
        return { ...info.object!, spec: { ...spec, selector } } as KObject;
      },
    });
  },
};

export const setServiceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  flags: `all=false ${DRY_RUN_FLAG} field-manager='kubectl-set' local=false ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    if (session.args.length === 0) throw new CommandError('serviceaccount is required');
    const name = session.args[session.args.length - 1]!;
    yield* updateAll(session, {
      args: session.args.slice(0, -1),
      operation: 'serviceaccount updated',
      tellsUnchanged: true,
      *change(info) {
        return withPodSpec(info.object!, (spec) => ({ ...spec, serviceAccountName: name }));
      },
    });
  },
};

export const setSubject: Command = {
  name: 'subject',
  flags: `group=[] serviceaccount=[] user=[] ${SET_FLAGS}`,
  *run(session) {
    const { flags, args } = session;
    const group = 'rbac.authorization.k8s.io';
    const subjects = [
      ...flags.list('user').map((name) => ({ apiGroup: group, kind: 'User', name })),
      ...flags.list('group').map((name) => ({ apiGroup: group, kind: 'Group', name })),
      ...flags.list('serviceaccount').map((text) => {
        const [namespace, name] = text.split(':');
        if (!namespace || !name) throw new CommandError('serviceaccount must be <namespace>:<name>');
        return { kind: 'ServiceAccount', name, namespace };
      }),
    ];
    yield* updateAll(session, {
      args,
      operation: 'subjects updated',
      validate() {
        if (subjects.length === 0)
          throw new CommandError('you must specify at least one value of user, group or serviceaccount');
      },
      *change(info) {
        const old = (info.object!.subjects ?? []) as object[];
        const added = subjects.filter((s) => !old.some((o) => JSON.stringify(o) === JSON.stringify(s)));
        return { ...info.object!, subjects: [...old, ...added] };
      },
    });
  },
};

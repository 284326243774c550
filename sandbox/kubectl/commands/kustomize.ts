/** `kubectl kustomize DIR` (kustomize kustomize/commands/build). */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { kustomization } from '../kustomize/load.ts';

export const kustomize: Command = {
  name: 'kustomize',
  flags:
    "as-current-user=false enable-alpha-plugins=false enable-helm=false -e,env=[]:stringArray helm-api-versions=[] helm-command='helm' helm-debug=false helm-kube-version='' load-restrictor='LoadRestrictionsRootOnly' mount=[] network=false network-name='bridge' -o,output='' reorder='none'",
  *run(session) {
    if (session.args.length > 1) throw new CommandError('specify one path to kustomization.yaml');
    const { kustomized } = yield* session.environment.load(kustomization);
    const text = yield* kustomized(session, session.args[0] ?? '.');
    const output = session.flags.string('output');
    if (output) yield* session.environment.files.write(output, text);
    else yield* session.out(text);
  },
};

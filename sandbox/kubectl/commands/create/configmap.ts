/** `kubectl create configmap`: from literals, files, folders and env files. */

import { toBase64 } from '../../../api/base64.ts';
import type { Command } from '../../cli/command.ts';
import type { KObject } from '../../resource/info.ts';
import { decode } from '../../text.ts';
import { generator } from './generator.ts';
import { appendHash } from './hash.ts';
import { collectData } from './sources.ts';

const configMap = generator({
  name: 'configmap',
  aliases: ['cm'],
  flags: 'append-hash=false from-env-file=[] from-file=[]:stringArray from-literal=[]:stringArray',
  namespaced: true,
  failure: 'failed to create configmap: ',
  *build(session, name) {
    const data: Record<string, string> = {};
    const binaryData: Record<string, string> = {};
    for (const [key, bytes] of yield* collectData(session, 'ConfigMap')) {
      const text = decode(bytes);
      if (text.includes('\ufffd')) binaryData[key] = toBase64(bytes);
      else data[key] = text;
    }
    const object: KObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      ...(Object.keys(data).length > 0 ? { data } : {}),
      ...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
    };
    return session.flags.bool('append-hash') ? appendHash(object) : object;
  },
});

export const configMaps: readonly Command[] = [configMap];

/** Bodies as kubectl 1.35.2 sent them, read as JSON. */

import { expect, test } from 'vitest';
import { protobufToJson } from './decode.ts';

const decoded = (base64: string): unknown => JSON.parse(protobufToJson(Buffer.from(base64, 'base64')) ?? 'null');

test("kubectl create ingress ing --rule='foo.com/b*=svc:80,tls=sec' --rule='/x=svc:web'", () => {
  const body =
    'azhzAAofChRuZXR3b3JraW5nLms4cy5pby92MRIHSW5ncmVzcxJ+ChMKA2luZxIAGgAiACoAMgA4AEIAEmMSDgoHZm9vLmNvbRIDc2VjGioKB2Zvby5jb20SHwodChsKAi9iEg0iCwoDc3ZjEgQKABBQGgZQcmVmaXgaJQoAEiEKHwodCgIveBIQIg4KA3N2YxIHCgN3ZWIQABoFRXhhY3QaAgoAGgAiAA==';
  expect(decoded(body)).toMatchObject({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    spec: {
      tls: [{ hosts: ['foo.com'], secretName: 'sec' }],
      rules: [
        {
          host: 'foo.com',
          http: {
            paths: [{ path: '/b', pathType: 'Prefix', backend: { service: { name: 'svc', port: { number: 80 } } } }],
          },
        },
        {
          http: {
            paths: [{ path: '/x', pathType: 'Exact', backend: { service: { name: 'svc', port: { name: 'web' } } } }],
          },
        },
      ],
    },
  });
});

test('kubectl create priorityclass p --value=0', () => {
  const body =
    'azhzAAolChRzY2hlZHVsaW5nLms4cy5pby92MRINUHJpb3JpdHlDbGFzcxIvChEKAXASABoAIgAqADIAOABCABAAGAAiACoUUHJlZW1wdExvd2VyUHJpb3JpdHkaACIA';
  expect(decoded(body)).toMatchObject({ kind: 'PriorityClass', value: 0, preemptionPolicy: 'PreemptLowerPriority' });
});

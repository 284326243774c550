/** The fields of a kubeconfig in their Go order, and which are printed even when empty (client-go tools/clientcmd/api/v1/types.go). */

export type FieldType = 'string' | 'bool' | 'bytes' | 'strings' | 'struct';

export interface Field {
  readonly type: FieldType;
  /** No `omitempty`: this stands there when nothing was said. */
  readonly always?: '' | false | null;
}

export type Fields = Readonly<Record<string, Field>>;

const string: Field = { type: 'string' };
const bool: Field = { type: 'bool' };
const bytes: Field = { type: 'bytes' };
const struct: Field = { type: 'struct' };

const CLUSTER: Fields = {
  server: { type: 'string', always: '' },
  'tls-server-name': string,
  'insecure-skip-tls-verify': bool,
  'certificate-authority': string,
  'certificate-authority-data': bytes,
  'proxy-url': string,
  'disable-compression': bool,
  extensions: struct,
};

const USER: Fields = {
  'client-certificate': string,
  'client-certificate-data': bytes,
  'client-key': string,
  'client-key-data': bytes,
  token: string,
  tokenFile: string,
  as: string,
  'as-uid': string,
  'as-groups': { type: 'strings' },
  'as-user-extra': struct,
  username: string,
  password: string,
  'auth-provider': struct,
  exec: struct,
  extensions: struct,
};

const CONTEXT: Fields = {
  cluster: { type: 'string', always: '' },
  user: { type: 'string', always: '' },
  namespace: string,
  extensions: struct,
};

export const SECTIONS = {
  clusters: { entry: 'cluster', fields: CLUSTER, goType: 'v1.NamedCluster' },
  users: { entry: 'user', fields: USER, goType: 'v1.NamedAuthInfo' },
  contexts: { entry: 'context', fields: CONTEXT, goType: 'v1.NamedContext' },
} as const;

export type Section = keyof typeof SECTIONS;

/** Nested structs without `omitempty`. */
const EXEC: Readonly<Record<string, unknown>> = {
  command: '',
  args: null,
  env: null,
  apiVersion: undefined,
  provideClusterInfo: false,
};

/** The entry as Go marshals it: its order, its empty values, nothing else. */
export function marshalled(entry: Readonly<Record<string, unknown>>, fields: Fields): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, { always }] of Object.entries(fields)) {
    const value = entry[name];
    if (value !== undefined && value !== '' && value !== false && value !== null)
      out[name] = name === 'exec' ? { ...EXEC, ...(value as object) } : value;
    else if (always !== undefined) out[name] = always;
  }
  return out;
}

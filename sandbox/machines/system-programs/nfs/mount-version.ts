/** Which NFS version the options of a mount ask for (nfs_nfs_version in nfs-utils utils/mount/network.c). */

export interface NfsVersion {
  readonly major: number;
  /** Undefined: to be negotiated. */
  readonly minor: number | undefined;
  /** Version 4 was asked for in general (`vers=4`, `-t nfs4`): no other is tried. */
  readonly general: boolean;
}

const KEYS = ['v2', 'v3', 'v4', 'vers', 'nfsvers'] as const;

/** Or what is wrong with the options. */
export function nfsVersion(type: string, options: readonly string[]): NfsVersion | string {
  const given = options.filter((option) => /^(?:v[234](?:\.|$)|vers(?:=|$)|nfsvers(?:=|$))/.test(option));
  if (given.length > 1) return 'multiple version options not permitted';
  const minorOption = options.findLast((option) => option.startsWith('minorversion='))?.slice('minorversion='.length);
  const [only] = given;
  if (only === undefined && type !== 'nfs4') {
    const mountd = options.some((option) => /^mount(?:host|addr|vers|proto)=/.test(option));
    return { major: mountd ? 3 : 4, minor: mountd ? 0 : undefined, general: false };
  }
  const key = KEYS.find((one) => only?.startsWith(one) && !(one === 'v2' && only.startsWith('vers')));
  const option = key === undefined ? '' : key.startsWith('v') && key.length === 2 ? 'v' : `${key}=`;
  const text = only === undefined ? '4' : option === 'v' ? only.slice(1) : only.slice(option.length);
  const fault = `parsing error on '${option}' option`;
  const [, major, dot, minor] = /^(\d+)(\.?)(.*)$/.exec(text) ?? [];
  if (major === undefined || (dot === '' && minor !== '')) return fault;
  if (Number(major) === 4 && dot === '' && minorOption !== undefined) {
    if (!/^\d*$/.test(minorOption)) return "parsing error on 'minorversion=' option";
    return { major: 4, minor: Number(minorOption), general: false };
  }
  if (Number(major) < 4) return dot === '' ? { major: Number(major), minor: 0, general: false } : fault;
  if (dot === '.') return /^\d+$/.test(minor!) ? { major: Number(major), minor: Number(minor), general: false } : fault;
  return { major: Number(major), minor: undefined, general: true };
}

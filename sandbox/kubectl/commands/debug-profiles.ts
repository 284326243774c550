/** What each `kubectl debug --profile` gives its container, and its pod on a node (kubectl pkg/cmd/debug/profiles.go; as kubectl 1.35.2 sends it). */

export interface DebugProfile {
  /** Of the container. */
  readonly securityContext?: object;
  /** On a node: its namespaces, and its root at /host. */
  readonly hostNamespaces: boolean;
  readonly hostRoot: boolean;
  /** A copy of a pod shares its processes, unless it is said. */
  readonly sharesProcesses: boolean;
}

const onHost = { hostNamespaces: true, hostRoot: true, sharesProcesses: true };
const apart = { hostNamespaces: false, hostRoot: false, sharesProcesses: true };

export const debugProfiles: Readonly<Record<string, DebugProfile>> = {
  legacy: { ...onHost, sharesProcesses: false },
  general: onHost,
  baseline: apart,
  netadmin: {
    ...onHost,
    hostRoot: false,
    securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
  },
  restricted: {
    ...apart,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  },
  sysadmin: { ...onHost, securityContext: { privileged: true } },
};

/** Beside or in a copy of a pod the general profile may trace processes; on a node it sees them anyway. */
export const besidePods = (profile: string): object | undefined =>
  profile === 'general' ? { capabilities: { add: ['SYS_PTRACE'] } } : debugProfiles[profile]!.securityContext;

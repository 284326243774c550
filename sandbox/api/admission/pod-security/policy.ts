/** A namespace's Pod Security policy, as its labels say it (pod-security-admission/api/helpers.go). */

import type { FieldError } from '../../resource.ts';
import type { Pod } from '../../types.ts';
import type { Check, Finding } from './check.ts';
import { baseline, restricted } from './checks.ts';

type Level = 'privileged' | 'baseline' | 'restricted';

export interface LevelVersion {
  readonly level: Level;
  /** `latest` or `v1.N`. */
  readonly version: string;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly warn: LevelVersion;
  readonly errors: readonly FieldError[];
}

const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const CHECKS: Readonly<Record<Level, readonly Check[]>> = { privileged: [], baseline, restricted };

const PREFIX = 'pod-security.kubernetes.io/';
const PRIVILEGED: LevelVersion = { level: 'privileged', version: 'latest' };
const NONE: Policy = { enforce: PRIVILEGED, warn: PRIVILEGED, errors: [] };

/** Audit is read for its errors only: there is no audit log. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): Policy {
  if (!labels || !Object.keys(labels).some((key) => key.startsWith(PREFIX))) return NONE;
  const errors: FieldError[] = [];
  const enforce = read(labels, 'enforce', errors);
  read(labels, 'audit', errors);
  const warn = read(labels, 'warn', errors);
  // Whoever only enforces is warned too, of what makes pods.
  const enforcing = enforce ?? PRIVILEGED;
  return { enforce: enforcing, warn: warn ?? enforcing, errors };
}

/** What cannot be read is taken as strictly as can be. */
function read(labels: Readonly<Record<string, string>>, mode: string, errors: FieldError[]): LevelVersion | undefined {
  const level = labels[PREFIX + mode];
  const version = labels[`${PREFIX}${mode}-version`];
  const refuse = (key: string, value: string, why: string) =>
    errors.push({
      type: 'FieldValueInvalid',
      field: `metadata.labels[${key}]`,
      detail: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    });
  const known = level === undefined || LEVELS.includes(level as Level);
  if (!known) refuse(PREFIX + mode, level, `must be one of ${LEVELS.join(', ')}`);
  const readable = version === undefined || /^(?:latest|v1\.(?:0|[1-9][0-9]?))$/.test(version);
  if (!readable) refuse(`${PREFIX}${mode}-version`, version, 'must be "latest" or "v1.x"');
  if (level === undefined && version === undefined) return undefined;
  return {
    level: known ? ((level ?? 'privileged') as Level) : 'restricted',
    version: readable ? (version ?? 'latest') : 'latest',
  };
}

export const isStricter = (a: Level, b: Level): boolean => LEVELS.indexOf(a) > LEVELS.indexOf(b);

export const policyText = ({ level, version }: LevelVersion): string => JSON.stringify(`${level}:${version}`);

/** What a pod does that it may not. */
export function violations({ level, version }: LevelVersion, pod: Pick<Pod, 'metadata' | 'spec'>): readonly Finding[] {
  const minor = version === 'latest' ? Number.POSITIVE_INFINITY : Number(version.slice('v1.'.length));
  return CHECKS[level].flatMap(({ since, find }) => {
    const found = since <= minor ? find(pod) : undefined;
    return found ? [found] : [];
  });
}

export const detailsOf = (findings: readonly Finding[]): string =>
  findings.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');

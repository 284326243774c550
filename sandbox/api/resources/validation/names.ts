/** The shapes of names, keys, ports and addresses inside objects (k8s.io/apimachinery/pkg/util/validation/validation.go); each answers its complaints. */

import { labelValueProblems, nameProblems, pathSegment, qualifiedNameProblems } from '../../registry/metadata.ts';

type Check = (value: string) => readonly string[];

const fine: readonly string[] = [];

const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const RELAXED_ENV_NAME = /^[ -<>-~]+$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const PORT_NAME_CHARACTERS = /^[-a-z0-9]+$/;
const HTTP_HEADER = /^[-A-Za-z0-9]+$/;

const CONFIG_KEY_TEXT =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const RELAXED_ENV_TEXT =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";

const tooLong = (max: number): string => `must be no more than ${max} characters`;

export const isDNS1123Label: Check = (value) => nameProblems(value, 'label');
export const isDNS1123Subdomain: Check = (value) => nameProblems(value, 'subdomain');
export const isPathSegment: Check = pathSegment;
/** `name` or `prefix.example/name`: label keys, annotation keys, finalizers, resource names. */
export const isQualifiedName: Check = qualifiedNameProblems;
export const isLabelValue: Check = labelValueProblems;

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const WILDCARD = `\\*\\.${SUBDOMAIN}`;
const WILDCARD_TEXT = `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '${WILDCARD}')`;
const IS_WILDCARD = new RegExp(`^${WILDCARD}$`);

export const isWildcardSubdomain: Check = (value) => [
  ...(value.length > 253 ? [tooLong(253)] : []),
  ...(IS_WILDCARD.test(value) ? [] : [WILDCARD_TEXT]),
];

/** Since 1.34 any printable ASCII character but `=` (RelaxedEnvironmentVariableValidation). */
export const isEnvVarName: Check = (value) => {
  if (ENV_NAME.test(value) && value !== '.' && !value.startsWith('..')) return fine;
  return RELAXED_ENV_NAME.test(value) ? fine : [RELAXED_ENV_TEXT];
};

export const isConfigMapKey: Check = (value) => {
  const errors: string[] = [];
  if (value.length > 253) errors.push(tooLong(253));
  if (!CONFIG_KEY.test(value)) errors.push(CONFIG_KEY_TEXT);
  if (value === '.') errors.push("must not be '.'");
  else if (value === '..') errors.push("must not be '..'");
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
};

/** An IANA service name (RFC 6335), at most 15 characters. */
export const isPortName: Check = (value) => {
  const errors: string[] = [];
  if (value.length > 15) errors.push(tooLong(15));
  if (!PORT_NAME_CHARACTERS.test(value))
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors.length > 0 ? errors : fine;
};

export const isHTTPHeaderName: Check = (value) =>
  HTTP_HEADER.test(value)
    ? fine
    : [
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ];

export const portRangeText = 'must be between 1 and 65535, inclusive';
export const isPortNumber = (port: number): boolean => port >= 1 && port <= 65535;

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/;
export const isIP = (value: string): boolean => IPV4.test(value) || IPV6.test(value);

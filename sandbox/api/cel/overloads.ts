/**
 * The functions an API server's CEL knows (cel-go common/stdlib/standard.go, cel/library.go, ext; apiserver pkg/cel/environment/base.go, pkg/cel/library).
 * A line is a call's form: `string.(string) bool` on a receiver, `(string) bool` without; capitals are type parameters.
 */

import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  optionalOf,
  STRING,
  structOf,
  TIMESTAMP,
  typeOf,
  typeParam,
  UINT,
} from './type.ts';

export interface Overload {
  readonly member: boolean;
  /** The receiver first. */
  readonly args: readonly CelType[];
  readonly result: CelType;
}

const NUMBERS = ['int', 'uint', 'double'];
const ORDERED = ['bool', 'string', 'bytes', 'timestamp', 'duration'];
const COMPARED = [
  ...NUMBERS.flatMap((a) => NUMBERS.map((b) => `(${a}, ${b}) bool`)),
  ...ORDERED.map((type) => `(${type}, ${type}) bool`),
];
const arithmetic = (...types: readonly string[]) => types.map((type) => `(${type}, ${type}) ${type}`);
const conversions = (to: string, ...from: readonly string[]) => from.map((type) => `(${type}) ${to}`);
const ofTime = (...more: readonly string[]) => ['timestamp.() int', 'timestamp.(string) int', ...more];
const SUMMED = [...NUMBERS, 'duration'];
const COMPARABLE = [...NUMBERS, ...ORDERED];
const FORMATS =
  'dns1123Label dns1123Subdomain dns1035Label qualifiedName dns1123LabelPrefix dns1123SubdomainPrefix dns1035LabelPrefix labelValue uri uuid byte date datetime';

const FORMS: Readonly<Record<string, readonly string[]>> = {
  '_?_:_': ['(bool, A, A) A'],
  '_&&_': ['(bool, bool) bool'],
  '_||_': ['(bool, bool) bool'],
  '!_': ['(bool) bool'],
  '@not_strictly_false': ['(bool) bool'],
  '_==_': ['(A, A) bool'],
  '_!=_': ['(A, A) bool'],
  '_<_': COMPARED,
  '_<=_': COMPARED,
  '_>_': COMPARED,
  '_>=_': COMPARED,
  '_+_': [
    ...arithmetic('bytes', 'double', 'duration'),
    '(duration, timestamp) timestamp',
    '(timestamp, duration) timestamp',
    ...arithmetic('int', 'list(A)', 'string', 'uint'),
  ],
  '_-_': [
    ...arithmetic('double', 'duration', 'int'),
    '(timestamp, duration) timestamp',
    '(timestamp, timestamp) duration',
    ...arithmetic('uint'),
  ],
  '_*_': arithmetic('double', 'int', 'uint'),
  '_/_': arithmetic('double', 'int', 'uint'),
  '_%_': arithmetic('int', 'uint'),
  '-_': ['(double) double', '(int) int'],
  '_[_]': [
    '(list(A), int) A',
    '(map(A, B), A) B',
    '(optional(list(A)), int) optional(A)',
    '(optional(map(A, B)), A) optional(B)',
  ],
  '_[?_]': [
    '(list(A), int) optional(A)',
    '(optional(list(A)), int) optional(A)',
    '(map(A, B), A) optional(B)',
    '(optional(map(A, B)), A) optional(B)',
  ],
  '@in': ['(A, list(A)) bool', '(A, map(A, B)) bool'],
  size: ['bytes', 'list(A)', 'map(A, B)', 'string'].flatMap((type) => [`(${type}) int`, `${type}.() int`]),
  type: ['(A) type(A)'],
  bool: conversions('bool', 'bool', 'string'),
  bytes: conversions('bytes', 'bytes', 'string'),
  double: conversions('double', 'double', 'int', 'string', 'uint'),
  duration: conversions('duration', 'duration', 'string'),
  dyn: ['(A) dyn'],
  int: conversions('int', 'int', 'double', 'duration', 'string', 'timestamp', 'uint'),
  string: conversions(
    'string',
    ...['string', 'bool', 'bytes', 'double', 'duration', 'int', 'timestamp', 'uint', 'ip', 'cidr'],
  ),
  timestamp: conversions('timestamp', 'timestamp', 'int', 'string'),
  uint: conversions('uint', 'uint', 'double', 'int', 'string'),
  contains: ['string.(string) bool'],
  endsWith: ['string.(string) bool'],
  startsWith: ['string.(string) bool'],
  matches: ['(string, string) bool', 'string.(string) bool'],
  getFullYear: ofTime(),
  getMonth: ofTime(),
  getDayOfYear: ofTime(),
  getDayOfMonth: ofTime(),
  getDate: ofTime(),
  getDayOfWeek: ofTime(),
  getHours: ofTime('duration.() int'),
  getMinutes: ofTime('duration.() int'),
  getSeconds: ofTime('duration.() int'),
  getMilliseconds: ofTime('duration.() int'),

  'optional.of': ['(A) optional(A)'],
  'optional.ofNonZeroValue': ['(A) optional(A)'],
  'optional.none': ['() optional(A)'],
  value: ['optional(A).() A'],
  hasValue: ['optional(A).() bool'],
  or: ['optional(A).(optional(A)) optional(A)'],
  orValue: ['optional(A).(A) A'],

  charAt: ['string.(int) string'],
  indexOf: ['string.(string) int', 'string.(string, int) int', 'list(A).(A) int'],
  lastIndexOf: ['string.(string) int', 'string.(string, int) int', 'list(A).(A) int'],
  lowerAscii: ['string.() string'],
  upperAscii: ['string.() string'],
  replace: ['string.(string, string) string', 'string.(string, string, int) string'],
  split: ['string.(string) list(string)', 'string.(string, int) list(string)'],
  substring: ['string.(int) string', 'string.(int, int) string'],
  trim: ['string.() string'],
  format: ['string.(list(dyn)) string'],
  'strings.quote': ['(string) string'],
  join: ['list(string).() string', 'list(string).(string) string'],

  'sets.contains': ['(list(A), list(A)) bool'],
  'sets.equivalent': ['(list(A), list(A)) bool'],
  'sets.intersects': ['(list(A), list(A)) bool'],
  'cel.@mapInsert': ['(map(A, B), A, B) map(A, B)', '(map(A, B), map(A, B)) map(A, B)'],
  slice: ['list(A).(int, int) list(A)'],
  flatten: ['list(list(A)).() list(A)', 'list(dyn).(int) list(dyn)'],
  sort: COMPARABLE.map((type) => `list(${type}).() list(${type})`),
  'lists.range': ['(int) list(int)'],
  reverse: ['list(A).() list(A)'],
  distinct: ['list(A).() list(A)'],

  isSorted: COMPARABLE.map((type) => `list(${type}).() bool`),
  sum: SUMMED.map((type) => `list(${type}).() ${type}`),
  min: COMPARABLE.map((type) => `list(${type}).() ${type}`),
  max: COMPARABLE.map((type) => `list(${type}).() ${type}`),
  includes: ['dyn.(dyn) bool'],
  find: ['string.(string) string'],
  findAll: ['string.(string) list(string)', 'string.(string, int) list(string)'],
  url: ['(string) url'],
  isURL: ['(string) bool'],
  getScheme: ['url.() string'],
  getHost: ['url.() string'],
  getHostname: ['url.() string'],
  getPort: ['url.() string'],
  getEscapedPath: ['url.() string'],
  getQuery: ['url.() map(string, list(string))'],
  quantity: ['(string) quantity'],
  isQuantity: ['(string) bool'],
  sign: ['(quantity) int'],
  isGreaterThan: ['quantity.(quantity) bool', 'semver.(semver) bool'],
  isLessThan: ['quantity.(quantity) bool', 'semver.(semver) bool'],
  compareTo: ['quantity.(quantity) int', 'semver.(semver) int'],
  asApproximateFloat: ['quantity.() double'],
  asInteger: ['quantity.() int'],
  isInteger: ['quantity.() bool'],
  add: ['quantity.(quantity) quantity', 'quantity.(int) quantity'],
  sub: ['quantity.(quantity) quantity', 'quantity.(int) quantity'],
  ip: ['(string) ip', 'cidr.() ip'],
  'ip.isCanonical': ['(string) bool'],
  isIP: ['(string) bool'],
  family: ['ip.() int'],
  isUnspecified: ['ip.() bool'],
  isLoopback: ['ip.() bool'],
  isLinkLocalMulticast: ['ip.() bool'],
  isLinkLocalUnicast: ['ip.() bool'],
  isGlobalUnicast: ['ip.() bool'],
  cidr: ['(string) cidr'],
  isCIDR: ['(string) bool'],
  containsIP: ['cidr.(string) bool', 'cidr.(ip) bool'],
  containsCIDR: ['cidr.(string) bool', 'cidr.(cidr) bool'],
  prefixLength: ['cidr.() int'],
  masked: ['cidr.() cidr'],
  semver: ['(string) semver', '(string, bool) semver'],
  isSemver: ['(string) bool', '(string, bool) bool'],
  major: ['semver.() int'],
  minor: ['semver.() int'],
  patch: ['semver.() int'],
  validate: ['format.(string) optional(list(string))'],
  'format.named': ['(string) optional(format)'],
  path: ['authorizer.(string) pathCheck'],
  group: ['authorizer.(string) groupCheck'],
  serviceAccount: ['authorizer.(string, string) authorizer'],
  resource: ['groupCheck.(string) resourceCheck'],
  subresource: ['resourceCheck.(string) resourceCheck'],
  namespace: ['resourceCheck.(string) resourceCheck'],
  name: ['resourceCheck.(string) resourceCheck'],
  fieldSelector: ['resourceCheck.(string) resourceCheck'],
  labelSelector: ['resourceCheck.(string) resourceCheck'],
  check: ['pathCheck.(string) decision', 'resourceCheck.(string) decision'],
  allowed: ['decision.() bool'],
  errored: ['decision.() bool'],
  error: ['decision.() string'],
  reason: ['decision.() string'],
  'jsonpatch.escapeKey': ['(string) string'],
  ...Object.fromEntries(FORMATS.split(' ').map((name) => [`format.${name}`, ['() format']])),
};

const ofAuthorization = (name: string): CelType => structOf(`kubernetes.authorization.${name}`);
export const AUTHORIZER = ofAuthorization('Authorizer');
export const RESOURCE_CHECK = ofAuthorization('ResourceCheck');

const TYPES: Readonly<Record<string, CelType>> = {
  authorizer: AUTHORIZER,
  bool: BOOL,
  bytes: BYTES,
  cidr: { kind: 'opaque', name: 'net.CIDR', params: [] },
  decision: ofAuthorization('Decision'),
  double: DOUBLE,
  duration: DURATION,
  dyn: DYN,
  format: structOf('kubernetes.NamedFormat'),
  groupCheck: ofAuthorization('GroupCheck'),
  int: INT,
  ip: { kind: 'opaque', name: 'net.IP', params: [] },
  pathCheck: ofAuthorization('PathCheck'),
  quantity: structOf('kubernetes.Quantity'),
  resourceCheck: RESOURCE_CHECK,
  semver: structOf('kubernetes.Semver'),
  string: STRING,
  timestamp: TIMESTAMP,
  uint: UINT,
  url: structOf('kubernetes.URL'),
};

/** Of what is declared, and no more: anything may be asked for. */
const known = new Map<string, readonly Overload[]>();

/** Undefined for a function that nobody declared. */
export function overloadsOf(name: string): readonly Overload[] | undefined {
  if (!Object.hasOwn(FORMS, name)) return undefined;
  let overloads = known.get(name);
  if (!overloads) {
    overloads = FORMS[name]!.map(parsed);
    known.set(name, overloads);
  }
  return overloads;
}

function parsed(form: string): Overload {
  const tokens = form.match(/\w+|[(),.]/g)!;
  const type = (): CelType => {
    const name = tokens.shift()!;
    const params = tokens[0] === '(' && ['list', 'map', 'optional', 'type'].includes(name) ? types() : [];
    if (name === 'list') return listOf(params[0]!);
    if (name === 'map') return mapOf(params[0]!, params[1]!);
    if (name === 'optional') return optionalOf(params[0]!);
    if (name === 'type') return typeOf(params[0]!);
    return TYPES[name] ?? typeParam(name);
  };
  const types = (): CelType[] => {
    const all: CelType[] = [];
    for (tokens.shift(); tokens[0] !== ')'; ) {
      all.push(type());
      if (tokens[0] === ',') tokens.shift();
    }
    tokens.shift();
    return all;
  };
  if (tokens[0] === '(') return { member: false, args: types(), result: type() };
  const receiver = type();
  tokens.shift();
  return { member: true, args: [receiver, ...types()], result: type() };
}

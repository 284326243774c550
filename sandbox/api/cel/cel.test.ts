/** Kubernetes' functions of CEL, by the examples that stand in their sources (apiserver pkg/cel/library), and cel-go's words for what is wrong. */

import { describe, expect, test } from 'vitest';
import { customType, Declarations } from './declarations.ts';
import { compiled } from './environment.ts';
import { evaluationProblem } from './errors.ts';
import { budget } from './meter.ts';
import { BOOL, DYN, listOf, STRING } from './type.ts';

const TRUE = `
[1, 2, 3].isSorted()
![2.0, 1.0].isSorted()
[].isSorted()
[1, 3].sum() == 4
[1.0, 3.0].sum() == 4.0
[1, 3].min() == 1
[1, 3].max() == 3
['a', 'b', 'b', 'c'].lastIndexOf('b') == 2
[1.0].indexOf(1.1) == -1
[1, 2, 3].includes(2)
'abc 123'.find('[0-9]+') == '123'
'123 abc 456'.findAll('[0-9]+') == ['123', '456']
'123 abc 456'.findAll('[0-9]+', 1) == ['123']
'hello hello'.replace('he', 'we') == 'wello wello'
'hello hello'.replace('he', 'we', 1) == 'wello hello'
'hello'.charAt(4) == 'o'
'%s is %d, %.2f'.format(['x', 3, 1.5]) == 'x is 3, 1.50'
sets.contains([1, 2, 3], [2, 1])
!sets.contains([1], [1, 2])
sets.equivalent([1, 1], [1])
sets.intersects([1, 2], [2, 3])
quantity('50000000G').isInteger()
!quantity('9999999999999999999999999999999999999G').isInteger() || true
quantity('50k').asInteger() == 50000
quantity('50k').sub(20000).asApproximateFloat() == 30000.0
quantity('50k').add(quantity('20k')) == quantity('70k')
quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')
quantity('200M').compareTo(quantity('0.2G')) == 0
quantity('50M').compareTo(quantity('50Mi')) == -1
quantity('150Mi').isGreaterThan(quantity('100Mi'))
quantity('50M').isLessThan(quantity('100M'))
isQuantity('1.3Gi') && !isQuantity('200K')
isURL('https://user:pass@example.com:80/path?query=val#fragment')
isURL('/absolute-path') && !isURL('../relative-path') && !isURL('https://a:b:c/')
url('https://example.com:80/').getHost() == 'example.com:80'
url('https://[::1]:80/').getHostname() == '::1'
url('https://example.com:80/').getPort() == '80' && url('/path').getPort() == ''
url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/'
url('https://example.com/path?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}
url('/path').getScheme() == ''
isIP('127.0.0.1') && isIP('::1') && !isIP('127.0.0.256') && !isIP(':::1')
ip('127.0.0.1').family() == 4 && ip('::1').family() == 6
ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && !ip.isCanonical('2001:db8::0:0:0:abcd')
ip('0.0.0.0').isUnspecified() && !ip('::1').isUnspecified()
ip('127.0.0.1').isLoopback() && ip('::1').isLoopback() && !ip('192.168.0.1').isLoopback()
ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast() && ip('ff02::1').isLinkLocalMulticast()
ip('169.254.169.254').isLinkLocalUnicast() && !ip('fd80::1').isLinkLocalUnicast()
ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()
cidr('192.168.0.0/24').containsIP('192.168.0.1') && !cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))
cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && !cidr('192.168.1.0/24').containsCIDR(cidr('192.168.2.0/24'))
cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24')
cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && string(cidr('::1/128').ip()) == '::1'
cidr('::1/128').prefixLength() == 128 && !isCIDR('192.168.0.0/33')
semver('1.2.3').compareTo(semver('1.2.4')) == -1
semver('1.0.0-alpha').isLessThan(semver('1.0.0'))
semver('1.0.0-alpha.2').isGreaterThan(semver('1.0.0-alpha.1'))
isSemver('1.0.0') && !isSemver('v1.0') && isSemver('v1.0', true)
semver('v01.01', true) == semver('1.1.0') && semver('1.2.3').minor() == 2
!format.dns1123Label().validate('my-label-name').hasValue()
format.dns1123Label().validate('My.label').hasValue()
format.named('uuid').value().validate('nope').value() == ['does not match the UUID format']
!format.named('nothing').hasValue()
jsonpatch.escapeKey('k8s.io/my~label') == 'k8s.io~1my~0label'
`;

test.each(TRUE.trim().split('\n'))('%s', (expression) => {
  expect(compiled(expression)({}, budget())).toBe(true);
});

const problem = (expression: string, variables: Record<string, unknown>): string => {
  try {
    return `no problem: ${String(compiled(expression)(variables, budget()))}`;
  } catch (error) {
    return evaluationProblem(error);
  }
};

test.each([
  ['object.spec.replica', { object: { spec: {} } }, 'no such key: replica'],
  ['object.list[3]', { object: { list: [1n] } }, 'index out of bounds: 3'],
  ["object.a > 'x'", { object: { a: 1n } }, 'no such overload'],
  ["int('x')", {}, "type conversion error from 'string' to 'int'"],
  ['[].min()', {}, 'min called on empty list'],
  [
    "ip('1.2.3')",
    {},
    'IP Address "1.2.3" parse error during conversion from string: ParseAddr("1.2.3"): unable to parse IP',
  ],
])('%s, when it runs', (expression, variables, expected) => {
  expect(problem(expression, variables)).toBe(expected);
});

describe('what does not compile', () => {
  const declarations = new Declarations();
  const spec = {
    type: 'object',
    properties: { replicas: { type: 'integer' }, names: { type: 'array', items: { type: 'string' } } },
  };
  declarations.variable('self', customType(spec, 'selfType', false)).variable('object', DYN);

  test.each([
    [
      'object.spec.replicas >',
      "1:23: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
    ],
    ['foo.bar', "1:1: undeclared reference to 'foo' (in container '')"],
    ['self.nope > 1', "1:5: undefined field 'nope'"],
    ['has(self.nope)', "1:4: undefined field 'nope'"],
    ["self.replicas > 'a'", "1:15: found no matching overload for '_>_' applied to '(int, string)'"],
    ['self.replicas.startsWith(1)', "1:25: found no matching overload for 'startsWith' applied to 'int.(int)'"],
    ['undefinedFunction(self)', "1:18: undeclared reference to 'undefinedFunction' (in container '')"],
    ['self.replicas.x', "1:14: type 'int' does not support field selection"],
  ])('%s', (expression, expected) => {
    const checked = declarations.check(expression);
    expect('problem' in checked && checked.problem.split('\n')[0]).toBe(`ERROR: <input>:${expected}`);
  });

  test('the place is pointed at', () => {
    expect(declarations.check('self.nope > 1')).toEqual({
      problem: "ERROR: <input>:1:5: undefined field 'nope'\n | self.nope > 1\n | ....^",
    });
  });

  test('and what does has a type', () => {
    expect(declarations.check('object.spec.replicas')).toEqual({ type: DYN });
    expect(declarations.check('self.names.map(x, x)')).toEqual({ type: listOf(STRING) });
  });
});

describe('what costs too much', () => {
  const LIMIT = 'operation cancelled: actual cost limit exceeded';
  const L = Array.from({ length: 30 }, (_, i) => BigInt(i));
  const nested = (macro: string) =>
    'abcdef'.split('').reduceRight((body, name) => `L.${macro}(${name}, ${body})`, 'true');

  test.each([
    nested('all'),
    nested('exists_one'),
    nested('map'),
    `${nested('all')} || true`,
    'L.all(a, L.all(b, L.all(c, L.all(d, M.exists(k, true)))))',
    'L.map(a, L.map(b, L.map(c, [L, L, L, L] == [L, L, L, L]))).size() > 0',
  ])('%s', (expression) => {
    const M = Object.fromEntries(L.map((i) => [`key ${i}`, i]));
    expect(problem(expression, { L, M })).toBe(LIMIT);
  });

  test('what does not is worked out', () => {
    expect(problem('L.all(a, L.all(b, L.exists(c, c == a)))', { L })).toBe('no problem: true');
  });

  test('no pattern takes longer than its text is long', () => {
    expect(problem("text.matches('^(a+)+$')", { text: `${'a'.repeat(1000)}!` })).toBe('no problem: false');
    expect(problem("text.matches('^(a+)+$')", { text: 'a'.repeat(10_000_000) })).toBe(LIMIT);
    expect(problem("'a'.matches('(')", {})).toContain('error parsing regexp');
  });

  test('long chains of && are read, as long as they are', () => {
    const long = Array.from({ length: 3000 }, () => 'true').join(' && ');
    expect(new Declarations().check(long)).toEqual({ type: BOOL });
    expect(problem(long, {})).toBe('no problem: true');
    const mixed = 'L[0] == 0 && L[1] == 1 && L[2] == 2 && L[3] == 4 && L[4] == 4 && L[5] == 5 || L[6] == 7';
    expect(problem(mixed, { L })).toBe('no problem: false');
    expect(problem(mixed.replace('L[3] == 4', 'L[3] == 3'), { L })).toBe('no problem: true');
  });

  test('nor does what is too long', () => {
    expect(new Declarations().check(`'${'x'.repeat(100_000)}'`)).toEqual({
      problem: 'ERROR: <input>:-1:0: expression code point size exceeds limit: size: 100002, limit 100000',
    });
  });

  test('what nests too deep does not compile', () => {
    const deep = `${'('.repeat(3000)}1${')'.repeat(3000)}`;
    const problem = 'ERROR: <input>:-1:0: expression recursion limit exceeded: 250';
    expect(new Declarations().check(deep)).toEqual({ problem });
    expect(new Declarations().check(Array.from({ length: 20000 }, () => '1').join(' + '))).toEqual({ problem });
  });
});

/** Kubernetes' own formats of strings, by name (apiserver pkg/cel/library/format.go). */

import { type Environment, Optional } from '@marcbachmann/cel-js';
import { FORMATS } from '../../apiextensions/formats.ts';
import { nameProblems } from '../../registry/metadata.ts';
import { isDNS1123Label, isDNS1123Subdomain, isLabelValue, isQualifiedName } from '../../resources/validation/names.ts';

type Problems = (text: string) => readonly string[];

class Format {
  readonly problems: Problems;

  constructor(problems: Problems) {
    this.problems = problems;
  }
}

class Formats {}

/** What a name that is to be completed begins with: a dash at its end will not be there. */
const prefix =
  (problems: Problems): Problems =>
  (text) =>
    problems(text.replace(/-$/, 'a'));
const isDNS1035Label: Problems = (text) => nameProblems(text, 'dns1035label');
const ofSchema =
  (format: string, complaint: string): Problems =>
  (text) =>
    FORMATS[format]!(text) ? [] : [complaint];

const BY_NAME: Readonly<Record<string, Problems>> = {
  dns1123Label: isDNS1123Label,
  dns1123Subdomain: isDNS1123Subdomain,
  dns1035Label: isDNS1035Label,
  qualifiedName: isQualifiedName,
  dns1123LabelPrefix: prefix(isDNS1123Label),
  dns1123SubdomainPrefix: prefix(isDNS1123Subdomain),
  dns1035LabelPrefix: prefix(isDNS1035Label),
  labelValue: isLabelValue,
  uri: (text) => (FORMATS.uri!(text) ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`]),
  uuid: ofSchema('uuid', 'does not match the UUID format'),
  byte: ofSchema('byte', 'invalid base64'),
  date: ofSchema('date', 'invalid date'),
  datetime: ofSchema('datetime', 'invalid datetime'),
};

export function formats(environment: Environment): void {
  environment
    .registerType('kubernetes.NamedFormat', { ctor: Format, fields: {} })
    .registerType('kubernetes.Formats', Formats)
    .registerConstant('format', 'kubernetes.Formats', new Formats())
    .registerFunction(
      'kubernetes.Formats.named(string): optional<kubernetes.NamedFormat>',
      (_: Formats, name: string) => {
        const problems = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
        return problems ? Optional.of(new Format(problems)) : Optional.none();
      },
    )
    .registerFunction(
      'kubernetes.NamedFormat.validate(string): optional<list<string>>',
      ({ problems }: Format, text: string) => {
        const found = problems(text);
        return found.length > 0 ? Optional.of(found) : Optional.none();
      },
    );
  for (const [name, problems] of Object.entries(BY_NAME))
    environment.registerFunction(`kubernetes.Formats.${name}(): kubernetes.NamedFormat`, () => new Format(problems));
}

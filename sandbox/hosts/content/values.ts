/** What stands for `{{…}}` in an author's files: the house's values, and those that a folder of lessons gives in its site.yaml. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { nodes } from '../../world/cast.ts';
import { shown } from './folders.ts';
import { ContentError, type Problem } from './problems.ts';
import { YamlSource } from './yaml-source.ts';

export type Values = Readonly<Record<string, string>>;

const SITE_FILE = 'site.yaml';

const IPV4 = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}`;
const DNS_NAME = String.raw`[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*`;
/** It goes into prose, YAML and shell lines alike, so nothing that means something to one of them. */
const PLAIN = /^[^\s"'`\\{}<>$|&;#][^\n"'`\\{}<>$|&;#]*$/;

interface HouseValue {
  readonly value: string;
  readonly form: RegExp;
  /** Completes "… must be". */
  readonly is: string;
}

/** The names that every lesson may use, with the values that the built-in course is written with. */
const HOUSE: Readonly<Record<string, HouseValue>> = {
  server: {
    value: '192.168.120.230',
    form: new RegExp(`^(?:${IPV4}|${DNS_NAME})$`),
    is: "the NFS server's address: an IPv4 address or a DNS name",
  },
  export: {
    value: '/mnt/nfsserv',
    form: /^(?:\/[\w.-]+)+$/,
    is: 'the path that the server exports: absolute, of letters, digits and ._-',
  },
  class: { value: 'slow', form: new RegExp(`^${DNS_NAME}$`), is: "a StorageClass's name: a DNS name in lower case" },
  registry: {
    value: 'docker.io/library',
    form: new RegExp(`^${DNS_NAME}(?::\\d+)?(?:/[a-z0-9._/-]*[a-z0-9])?$`),
    is: 'where images come from: a host, a port if need be, and a path, as in registry.example.com:5000/team',
  },
};

/** Bare words of Go's templates: `kubectl get -o go-template='{{range .items}}…{{end}}'` stays as it is. */
const GO_WORDS = new Set(['end', 'else', 'break', 'continue', 'nil', 'true', 'false']);
const NAME = /^[a-z][a-zA-Z0-9_]*$/;
const PLACE = /\{\{ ?([a-zA-Z][\w-]*) ?\}\}/g;

export const HOUSE_VALUES: Values = Object.fromEntries(Object.entries(HOUSE).map(([name, { value }]) => [name, value]));

/** The values for a folder of lessons. Throws ContentError where its site.yaml is wrong. */
export function valuesOf(folder: string): Values {
  const file = join(folder, SITE_FILE);
  if (!existsSync(file)) return HOUSE_VALUES;
  const source = new YamlSource(shown(file), readFileSync(file, 'utf8'));
  const read = source.checked(z.record(z.string(), z.union([z.string(), z.number()])).nullable());
  if ('problems' in read) throw new ContentError(read.problems);
  const given = Object.entries(read.value ?? {}).map(([name, value]) => [name, String(value)] as const);
  const problems = given.flatMap(([name, value]) => {
    const says = wrong(name, value);
    return says === undefined ? [] : [source.problem([name], says)];
  });
  if (problems.length > 0) throw new ContentError(problems);
  return { ...HOUSE_VALUES, ...Object.fromEntries(given) };
}

function wrong(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return `"${name}" is no name: letters, digits and _, the first a lower-case letter`;
  if (GO_WORDS.has(name)) return `"${name}" cannot be a name: Go's templates have a word {{${name}}}`;
  const house = Object.hasOwn(HOUSE, name) ? HOUSE[name] : undefined;
  const machine = nodes.find((node) => [node.name, node.address].includes(value));
  if (name === 'server' && machine) return `server is "${value}", but that is ${machine.name} of the lab`;
  if (house) return house.form.test(value) ? undefined : `${name} is "${value}", but it must be ${house.is}`;
  if (!PLAIN.test(value)) return `${name}: a value is one line without quotes, braces, < > $ | & ; # and backslashes`;
  return undefined;
}

/** A file's text with its values in place, line for line; and the names in it that nobody gave. */
export function filled(file: string, text: string, values: Values): { text: string; problems: Problem[] } {
  const problems: Problem[] = [];
  const done = text.replace(PLACE, (whole, name: string, offset: number) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    if (!GO_WORDS.has(name)) {
      const line = text.slice(0, offset).split('\n').length;
      const names = Object.keys(values).join(', ');
      problems.push({
        file,
        line,
        says: `${whole} names no value; there are ${names} (more may be given in ${SITE_FILE})`,
      });
    }
    return whole;
  });
  return { text: done, problems };
}

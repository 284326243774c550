/** Packages for course systems: their manifests against the standards' own schemas, and what is refused. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { LANGUAGES } from '../../sandbox/words/index.ts';
import { activitiesOf } from '../../scripts/course/activities.ts';
import { optionsOf } from '../../scripts/course/options.ts';
import { demandRoom, packageCourse, packageFiles } from '../../scripts/course/package.ts';
import type { CourseFormat } from '../../src/course/formats.ts';
import { SUSPEND_DATA } from '../../src/course/scorm12.ts';
import { longest } from '../../src/course/standing.ts';

const lessons = lessonsFromDisk();
/** A site of one page and the pattern of the activities' pages. */
const site = {
  'before-paint.js': new TextEncoder().encode(''),
  'launch/activity/index.html': new TextEncoder().encode('LANGUAGE FORMAT POLICY TITLE NO-SCRIPT SHAPE'),
};
const files = (format: CourseFormat, ...more: readonly string[]) =>
  packageFiles(optionsOf(['--format', format, '--out', 'x.zip', ...more], lessons), site) as Record<string, Uint8Array>;
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** What the schemas that are in the package say of its manifest; a schema of our own names those that extend the first. */
function complaints(packed: Record<string, Uint8Array>, manifest: string, schemas: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'bound-schemas-'));
  try {
    for (const [path, bytes] of Object.entries(packed))
      if (!path.includes('/')) writeFileSync(join(folder, path), bytes);
    const imports = Object.entries(schemas).map(
      ([namespace, file]) => `<xsd:import namespace="${namespace}" schemaLocation="${file}"/>`,
    );
    const all = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">${imports.join('')}</xsd:schema>`;
    const schema = XmlDocument.fromString(all, { url: join(folder, 'all.xsd') });
    const document = XmlDocument.fromString(manifest);
    const validator = XsdValidator.fromDoc(schema);
    try {
      validator.validate(document);
      return [];
    } catch (error) {
      return String((error as Error).message).split('\n');
    } finally {
      validator.dispose();
      document.dispose();
      schema.dispose();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const SCHEMAS = {
  scorm12: {
    'http://www.imsproject.org/xsd/imscp_rootv1p1p2': 'imscp_rootv1p1p2.xsd',
    'http://www.adlnet.org/xsd/adlcp_rootv1p2': 'adlcp_rootv1p2.xsd',
  },
  scorm2004: {
    'http://www.imsglobal.org/xsd/imscp_v1p1': 'imscp_v1p1.xsd',
    'http://www.adlnet.org/xsd/adlcp_v1p3': 'adlcp_v1p3.xsd',
    'http://www.adlnet.org/xsd/adlseq_v1p3': 'adlseq_v1p3.xsd',
    'http://www.adlnet.org/xsd/adlnav_v1p3': 'adlnav_v1p3.xsd',
    'http://www.imsglobal.org/xsd/imsss': 'imsss_v1p0.xsd',
  },
} as const;

beforeAll(() => xmlRegisterFsInputProviders());

describe.each(Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[])('%s', (format) => {
  const schemas = SCHEMAS[format];

  test.each(LANGUAGES.flatMap((language) => [[language], [language, '--whole']]))(
    'its manifest is valid by the schemas in it: %s %s',
    (language, ...more) => {
      const packed = files(format, '--language', language, ...more);
      expect(complaints(packed, text(packed['imsmanifest.xml']), schemas)).toEqual([]);
    },
  );

  test('the schemas would find mistakes', () => {
    const packed = files(format);
    const right = text(packed['imsmanifest.xml']);
    const wrong = {
      'no resources': right.replace(/<resources>.*<\/resources>/s, ''),
      'no type': right.replace(' type="webcontent"', ''),
      'two titles': right.replace(/<title>[^<]*<\/title>/, '$&$&'),
      'a kind of object that is none': right.replace(/(scormtype|scormType)="sco"/i, '$1="page"'),
      'an element of nobody': right.replace('</organizations>', '<lesson/></organizations>'),
    };
    for (const [what, manifest] of Object.entries(wrong)) {
      expect(manifest, what).not.toBe(right);
      expect(complaints(packed, manifest, schemas), what).not.toEqual([]);
    }
  });

  test('it lists every file once, and every activity leads to a page', () => {
    const packed = files(format);
    const manifest = text(packed['imsmanifest.xml']);
    const listed = [...manifest.matchAll(/<file href="([^"]+)"/g)].map(([, href]) => href!);
    const content = Object.keys(packed).filter((path) => !/\.(xsd|dtd|xml)$/.test(path));
    expect(listed.sort()).toEqual(content.sort());
    const launched = [...manifest.matchAll(/<resource [^>]*href="([^"]+)"/g)].map(([, href]) => href!);
    expect(launched).toEqual(lessons.map(({ id }) => `launch/${id}/index.html`));
    for (const href of launched) expect(text(packed[href])).toContain(`en ${format} default-src 'none'`);
  });
});

/** The structure's own schema is in no registry that is at hand; these are its rules, in the order of the specification's 13.1. */
describe('cmi5', () => {
  const NAMESPACE = 'https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd';
  const elements = (parent: XmlElement): XmlElement[] => {
    const all: XmlElement[] = [];
    for (let node = parent.firstChild; node; node = node.next) if (node instanceof XmlElement) all.push(node);
    return all;
  };
  const attribute = (element: XmlElement, name: string) => element.attr(name)?.value ?? '';

  /** What is wrong with a course structure. */
  function mistakes(packed: Record<string, Uint8Array>, xml: string): string[] {
    using document = XmlDocument.fromString(xml);
    const { root } = document;
    const found: string[] = [];
    const demand = (right: boolean, says: string) => void (right || found.push(says));
    const [course, ...units] = elements(root);
    demand(root.name === 'courseStructure' && root.namespaceUri === NAMESPACE, 'the root');
    demand(course?.name === 'course', 'a course first');
    demand(units.length > 0, 'an assignable unit');
    const expected = { course: ['title', 'description'], au: ['title', 'description', 'url'] };
    for (const element of [course!, ...units]) {
      demand(element.namespaceUri === NAMESPACE, 'the namespace');
      const names = elements(element).map(({ name }) => name);
      demand(names.join() === expected[element.name as 'au']?.join(), `${element.name}: ${names}`);
      demand(/^[a-z][a-z0-9+.-]*:\S+$/i.test(attribute(element, 'id')), `an IRI: ${attribute(element, 'id')}`);
      for (const text of elements(element).slice(0, 2))
        for (const words of elements(text)) {
          demand(words.name === 'langstring' && words.content.trim() !== '', `words of ${text.name}`);
          demand(/^[a-z]{2}$/.test(attribute(words, 'lang')), 'a language');
        }
    }
    for (const unit of units) {
      const allowed = ['id', 'moveOn', 'masteryScore', 'launchMethod', 'activityType'];
      const other = unit.attrs.map(({ name }) => name).filter((name) => !allowed.includes(name));
      demand(other.length === 0, `attributes ${other}`);
      const moveOn = ['NotApplicable', 'Passed', 'Completed', 'CompletedAndPassed', 'CompletedOrPassed'];
      demand(moveOn.includes(attribute(unit, 'moveOn')), 'moveOn');
      demand(['OwnWindow', 'AnyWindow'].includes(attribute(unit, 'launchMethod')), 'launchMethod');
      const mastery = attribute(unit, 'masteryScore');
      demand(/^[01](\.\d{1,4})?$/.test(mastery) && Number(mastery) <= 1, `masteryScore ${mastery}`);
      const url =
        elements(unit)
          .find(({ name }) => name === 'url')
          ?.content.trim() ?? '';
      demand(packed[url] !== undefined, `${url} is not in the package`);
    }
    const ids = [course!, ...units].map((one) => attribute(one, 'id'));
    demand(new Set(ids).size === ids.length, 'ids are one’s own');
    return found;
  }

  test.each(LANGUAGES.flatMap((language) => [[language], [language, '--whole']]))('%s %s', (language, ...more) => {
    const packed = files('cmi5', '--language', language, '--mastery', '7', ...more);
    const xml = text(packed['cmi5.xml']);
    expect(mistakes(packed, xml)).toEqual([]);
    expect(xml).toContain('masteryScore="0.07"');
    expect(xml).toContain(`<langstring lang="${language}">`);
  });

  test.each([
    ['the root', 'courseStructure', 'coursestructure'],
    ['the namespace', 'CourseStructure.xsd', 'CourseStructure'],
    ['moveOn', 'CompletedOrPassed', 'Finished'],
    ['masteryScore 80', 'masteryScore="0.8"', 'masteryScore="80"'],
    ['ids are one’s own', 'lessons/claim', 'lessons/the-lab'],
    ['attributes ', 'moveOn', 'moveon'],
    ['is not in the package', '<url>launch', '<url>lunch'],
    ['words of title', 'langstring', 'string'],
  ])('the rules would find: %s', (says, from, to) => {
    const packed = files('cmi5');
    const wrong = text(packed['cmi5.xml']).replaceAll(from, to);
    expect(mistakes(packed, wrong).join()).toContain(says);
  });

  test('only its activities’ pages may speak to another host', () => {
    const packed = files('cmi5');
    expect(text(packed['launch/claim/index.html'])).toContain("connect-src 'self' https: http:");
    expect(text(files('scorm12')['launch/claim/index.html'])).toContain("connect-src 'self';");
  });
});

describe('what is asked for', () => {
  const said: string[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)));
  afterAll(() => spy.mockRestore());

  test.each([
    [['--lessons', 'claim'], '--format is missing: scorm12, scorm2004 or cmi5'],
    [['--format', 'scorm13', '--out', 'x.zip'], '--format scorm13: scorm12, scorm2004 or cmi5'],
    [['--format', 'scorm12'], '--out FILE.zip says where the package is written'],
    [['--format', 'scorm12', '--out', '/none/x.zip'], '--out /none/x.zip: there is no folder /none'],
    [['--format', 'scorm12', '--out', 'x.zip', '--language', 'fr'], `--language fr: there are ${LANGUAGES.join(', ')}`],
    [['--format', 'scorm12', '--out', 'x.zip', '--lessons', 'claim,clam'], '--lessons clam: there are the-lab, '],
    [['--format', 'scorm12', '--out', 'x.zip', '--mastery', '101'], '--mastery 101: a score in percent, 0 to 100'],
    [['--formt', 'scorm12'], "Unknown option '--formt'"],
  ])('%j is refused in a line', async (argv, says) => {
    said.length = 0;
    expect(await packageCourse(argv)).toBe(2);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(says);
    expect(said[0]).not.toContain('\n');
  });

  test('a course whose checkpoints SCORM 1.2 could not keep', () => {
    const activity = (steps: number) => ({
      id: 'long',
      title: '',
      summary: '',
      href: '',
      minutes: 1,
      shape: {
        mastery: 0,
        lessons: [
          {
            id: 'long',
            title: '',
            steps: Array.from({ length: steps }, (_, i) => ({
              id: `step-${String(i).padStart(3, '0')}`,
              optional: false,
              items: [{ id: 'one', says: '' }],
            })),
          },
        ],
      },
    });
    // `"step-000":"1",` a step.
    expect(() => demandRoom({ format: 'scorm12' }, [activity(260)])).not.toThrow();
    expect(() => demandRoom({ format: 'scorm12' }, [activity(280)])).toThrow(/^long: its checkpoints come to 4\d{3} /);
    expect(() => demandRoom({ format: 'cmi5' }, [activity(280)])).not.toThrow();
  });

  test('this course has room, as one activity too', () => {
    const options = optionsOf(['--format', 'scorm12', '--whole', '--out', 'x.zip'], lessons);
    const [whole] = activitiesOf(options, { title: '', summary: '', language: 'en' });
    expect(longest(whole!.shape)).toBeLessThan(SUSPEND_DATA / 3);
  });

  test('lessons come in the course’s order, spaces or not', () => {
    const { lessons: chosen } = optionsOf(
      ['--format', 'scorm12', '--lessons', 'claim, the-lab', '--out', 'x.zip'],
      lessons,
    );
    expect(chosen.map(({ id }) => id)).toEqual(['the-lab', 'claim']);
  });
});

/**
 * Makes dist-package/, what `npm pack` packs beside package.json: ES modules that need no other package and no bundler, and their types.
 * `bound/vitest` alone imports something, the vitest of whoever uses it. With `--format` it makes a package for a course system instead (course/).
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import ts from 'typescript';
import { lessonsFromDisk } from '../sandbox/hosts/lessons-from-disk.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'sandbox');
const LIBRARY = join(SOURCES, 'hosts/library');
const OUT = join(ROOT, 'dist-package');
const ENTRIES = ['index', 'cluster', 'vitest'];
/** Types only: their declarations are copied along. */
const MODELS = join(ROOT, 'node_modules');

/** The lessons as data, in the place of the file that reads them from content/. */
const lessons: Plugin = {
  name: 'lessons',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]hosts[\\/]library[\\/]lessons\.ts$/ }, () => ({
      contents: `export const courseLessons = async () => (await import('course-lessons')).default;`,
    }));
    onResolve({ filter: /^course-lessons$/ }, () => ({ path: 'lessons', namespace: 'course-lessons' }));
    onLoad({ filter: /.*/, namespace: 'course-lessons' }, () => ({
      contents: JSON.stringify(lessonsFromDisk()),
      loader: 'json',
    }));
  },
};

async function bundle(): Promise<void> {
  const { metafile } = await build({
    entryPoints: ENTRIES.map((name) => join(LIBRARY, `${name}.ts`)),
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    minify: true,
    chunkNames: 'code/[name]-[hash]',
    external: ['vitest'],
    plugins: [lessons],
    metafile: true,
    logLevel: 'warning',
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  console.log(`${Object.keys(metafile.outputs).length} modules, ${Math.round(bytes / 1024)} KB`);
  demandNoMachines(metafile);
  licences(Object.keys(metafile.inputs));
}

/** `bound/cluster` is for those who do not want the machines' code. */
function demandNoMachines({ outputs }: Metafile): void {
  const reached = new Set<string>();
  const reach = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { path: next, external } of outputs[path]!.imports) if (!external) reach(next);
  };
  reach(relative(process.cwd(), join(OUT, 'cluster.js')));
  for (const path of reached)
    for (const [input, { bytesInOutput }] of Object.entries(outputs[path]!.inputs))
      if (bytesInOutput > 0 && /sandbox\/(?:machines|images\/programs)\//.test(input))
        throw new Error(`bound/cluster has come to hold ${input} (${path})`);
}

/** What is bundled, and whose types are copied, asks that its licence come along. */
function licences(inputs: readonly string[]): void {
  const bundled = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const names = [...new Set([...bundled, 'kubernetes-models', '@kubernetes-models/apimachinery'])];
  const texts = names.sort().map((name) => {
    const folder = join(MODELS, name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}\n`;
  });
  writeFileSync(join(OUT, 'THIRD-PARTY.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** The declarations of all sources that the entries reach, as tsc writes them; by the path of the source, without its ending. */
function declarations(): Map<string, string> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
  const entries = ENTRIES.map((name) => join(LIBRARY, `${name}.ts`));
  const program = ts.createProgram(entries, {
    ...options,
    noEmit: false,
    // `npm run typecheck` is for that.
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    incremental: false,
    tsBuildInfoFile: undefined,
    rootDir: ROOT,
    outDir: ROOT,
  });
  const written = new Map<string, string>();
  program.emit(undefined, (path, text) => written.set(path.replace(/\.d\.ts$/, ''), text));
  return written;
}

/** Of a model its interface is wanted; its class, with what that extends, is code that nobody has here. */
const interfaceOf = (text: string): string =>
  text
    .replaceAll(/^export declare class .*?^\}$/gms, '')
    .replaceAll(/^(export type \{ I\w+ as \w+), \w+ as \w+ \};$/gm, '$1 };')
    .replaceAll(/^import \{[^}]*\bTypeMeta\b[^}]*\} from "@kubernetes-models\/base";$/gm, TYPE_META)
    .replaceAll(/^import \{[^}]*\} from "@kubernetes-models\/base";$/gm, '');
const TYPE_META = 'interface TypeMeta {\n    "apiVersion": string;\n    "kind": string;\n}';

/** Every address in a declaration: `from "./x.ts"`, `import("./x.ts")`. */
const ADDRESS = /(^(?:import|export)\b[^;]*?\bfrom\s*|\bimport\()(["'])([^"'\n]+)\2/gm;
/** The models' interfaces stand one in a file of their name; through their index one would get all. */
const MODEL_IMPORT = /import type \{([^}]+)\} from '(kubernetes-models\/[^']+)';/g;

function types(): void {
  const written = declarations();
  const done = new Set<string>();
  const place = (source: string): string =>
    source.startsWith(SOURCES)
      ? join(OUT, 'types', relative(SOURCES, source))
      : join(OUT, 'types/models', relative(MODELS, source).replace('@kubernetes-models/', ''));
  const copy = (source: string): void => {
    if (done.has(source)) return;
    done.add(source);
    const text = (written.get(source) ?? interfaceOf(readFileSync(`${source}.d.ts`, 'utf8'))).replaceAll(
      MODEL_IMPORT,
      (_, names: string, from: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .map((name) => `import type { ${name} } from '${from}/${name.slice(1)}';`)
          .join('\n'),
    );
    const target = place(source);
    const moved = text.replaceAll(ADDRESS, (whole, before: string, quote: string, address: string) => {
      if (address === 'vitest') return whole;
      const bare = address.replace(/\.(?:ts|js)$/, '');
      const found = address.startsWith('.') ? resolve(dirname(source), bare) : join(MODELS, bare);
      const at = [found, join(found, 'index')].find((path) => written.has(path) || ts.sys.fileExists(`${path}.d.ts`));
      if (!at) throw new Error(`${relative(ROOT, source)}: no declarations for ${address}`);
      copy(at);
      const to = relative(dirname(target), place(at));
      return `${before}${quote}${to.startsWith('.') ? to : `./${to}`}.js${quote}`;
    });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(`${target}.d.ts`, `/// <reference lib="esnext.disposable" />\n${moved}`);
  };
  for (const name of ENTRIES) copy(join(LIBRARY, name));
  console.log(`${done.size} declarations`);
}

const course = process.argv.slice(2);
if (course.length > 0) {
  const { packageCourse } = await import('./course/package.ts');
  process.exitCode = await packageCourse(course);
} else {
  rmSync(OUT, { recursive: true, force: true });
  await bundle();
  types();
}

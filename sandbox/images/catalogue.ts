/** The open catalogue of images: a reference leads to an image, or to containerd's words for why there is none. */

import type { ProgramTable } from '../machines/machine.ts';
import { PROGRAMS } from '../machines/programs/index.ts';
import { SYSTEM_PROGRAMS } from '../machines/system-programs/index.ts';
import { DECLARATIONS } from './declarations.ts';
import { digestOf } from './digest.ts';
import { type Image, type ImageDeclaration, PullError } from './image.ts';
import { imagePrograms } from './programs/index.ts';
import { fullName, type ImageReference, InvalidReference, parseReference, repositoryName } from './reference.ts';
import { releaseOf } from './releases.ts';
import type { Tree } from './tree.ts';

const FLAVOURS = new Set([
  'slim',
  'alpine',
  'perl',
  'otel',
  'trixie',
  'bookworm',
  'bullseye',
  'noble',
  'jammy',
  'focal',
  'oracle',
  'oraclelinux9',
  'musl',
  'glibc',
  'uclibc',
  'ubi',
  'apache',
  'stable',
]);

const OFFICIAL = 'docker.io/library/';

/** Registries that answer though the lab knows nothing in them; a pull from another host ends at the name server. */
const ANSWERING = ['ghcr.io', 'public.ecr.aws'];

/** The images there are: the lab's own, and those that somebody brought. */
export class ImageCatalogue {
  readonly #declarations = new Map<string, ImageDeclaration>();
  readonly #images = new Map<string, Image>();
  readonly #registries = new Set(ANSWERING);
  readonly #programs = new Map(imagePrograms);

  /** Throws where a declaration has no name that can be, or asks for what is not there. */
  constructor(brought: readonly ImageDeclaration[] = [], mirrors: readonly string[] = []) {
    for (const declaration of DECLARATIONS) this.#register(declaration);
    for (const mirror of mirrors) this.#mirror(mirror);
    for (const declaration of brought) {
      this.#register(declaration);
      this.#demandPrograms(declaration);
    }
  }

  /** What only images hold; to be in the table of the machines that run them. */
  get programs(): ProgramTable {
    return this.#programs;
  }

  /** By full repository name. */
  get declarations(): ReadonlyMap<string, ImageDeclaration> {
    return this.#declarations;
  }

  /** Throws PullError. The same name is the same image, always. */
  resolve(reference: ImageReference): Image {
    const name = fullName(reference);
    const known = this.#images.get(name);
    if (known) return known;
    const image = this.#lookUp(reference);
    this.#images.set(name, image);
    return image;
  }

  /** A name that is there already is taken over: an importer's nginx is the nginx. */
  #register(declaration: ImageDeclaration): void {
    for (const name of declaration.names) {
      const reference = parseReference(name);
      if (reference.digest !== undefined || reference.tag !== 'latest' || name.endsWith(':latest'))
        throw new InvalidReference(`${name}: tags are no part of an image's names`);
      this.#declarations.set(repositoryName(reference), declaration);
      this.#registries.add(reference.domain);
    }
    for (const [name, program] of Object.entries(declaration.programs ?? {})) {
      if (this.#programs.has(name) && this.#programs.get(name) !== program)
        throw new Error(`${declaration.names[0]}: there is a program "${name}" already`);
      this.#programs.set(name, program);
    }
  }

  /** A registry of somebody's own, `registry.example.com/team`, has Docker's official images under their short names. */
  #mirror(place: string): void {
    for (const [name, declaration] of [...this.#declarations]) {
      if (!name.startsWith(OFFICIAL)) continue;
      const reference = parseReference(`${place}/${name.slice(OFFICIAL.length)}`);
      this.#declarations.set(repositoryName(reference), declaration);
      this.#registries.add(reference.domain);
    }
  }

  #demandPrograms({ names, version = 'latest', tree }: ImageDeclaration): void {
    for (const [path, entry] of Object.entries(tree('latest', version))) {
      if (typeof entry === 'string' || !('program' in entry)) continue;
      const { program } = entry;
      if (!this.#programs.has(program) && !PROGRAMS.has(program) && !SYSTEM_PROGRAMS.has(program))
        throw new Error(`${names[0]}: ${path} is a program "${program}", which there is not`);
    }
  }

  #lookUp(reference: ImageReference): Image {
    const name = fullName(reference);
    const repository = repositoryName(reference);
    if (!this.#registries.has(reference.domain)) {
      const version = reference.digest ?? reference.tag;
      throw failure(
        'Unknown',
        name,
        `failed to do request: Head "https://${reference.domain}/v2/${reference.path}/manifests/${version}": dial tcp: lookup ${reference.domain.split(':')[0]} on 192.168.120.1:53: no such host`,
      );
    }
    const found = this.#declarations.get(repository);
    if (!found) throw missingRepository(reference, name);
    const tag = reference.digest === undefined ? reference.tag! : tagOfDigest(repository, found, reference);
    if (tag === undefined || !hasTag(found, tag)) throw failure('NotFound', name, `${name}: not found`);
    return makeImage(repository, tag, found);
  }
}

/** Docker Hub does not tell a private repository from none; the others answer 404. */
function missingRepository(reference: ImageReference, name: string): PullError {
  if (reference.domain !== 'docker.io') return failure('NotFound', name, `${name}: not found`);
  return failure(
    'Unknown',
    name,
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  );
}

const failure = (code: 'NotFound' | 'Unknown', name: string, reason: string): PullError =>
  new PullError(code, `failed to pull and unpack image "${name}": failed to resolve image: ${reason}`);

/** Whether the tag names a release up to the latest one, with flavours that exist. */
function hasTag(repository: ImageDeclaration, tag: string): boolean {
  const named = (repository.tags ?? '').split(' ');
  if (tag === 'latest' || named.includes(tag)) return true;
  const [base, ...flavours] = tag.split('-');
  if (!flavours.every(isFlavour)) return false;
  return named.includes(base!) || isFlavour(base!)
    ? repository.alpine !== undefined || !tag.includes('alpine')
    : isRelease(base!, repository);
}

const isFlavour = (word: string): boolean => FLAVOURS.has(word) || /^alpine3\.\d{1,2}$/.test(word);

function isRelease(text: string, { version }: ImageDeclaration): boolean {
  if (text === version) return true;
  if (!version || !/^v?\d{1,4}(\.\d{1,3}){0,2}$/.test(text)) return false;
  const numbers = text.replace(/^v/, '').split('.').map(Number);
  const latest = version.split('.').map(Number);
  if (numbers[0]! !== latest[0]!) return numbers[0]! < latest[0]! && numbers.slice(1).every((n) => n < 100);
  return numbers.length === 1 || numbers[1]! <= latest[1]!;
}

function tagOfDigest(repository: string, found: ImageDeclaration, reference: ImageReference): string | undefined {
  const candidates = [reference.tag, 'latest', found.version];
  return candidates.find((tag) => tag !== undefined && digestOf(`${repository}:${tag}`) === reference.digest);
}

function makeImage(repository: string, tag: string, found: ImageDeclaration): Image {
  const flavour = tag.includes('alpine') ? found.alpine : undefined;
  const release = found.version === undefined ? tag : releaseOf(tag, found.version);
  const name = `${repository}:${tag}`;
  let made: Tree | undefined;
  return {
    name,
    repository,
    tag,
    digest: digestOf(name),
    id: digestOf(`${name} config`),
    size: flavour?.size ?? (tag.includes('slim') ? Math.round(found.size * 0.58) : found.size),
    config: typeof found.config === 'function' ? found.config(release) : found.config,
    tree: () => (made ??= flavour ? flavour.tree(release) : found.tree(tag, release)),
  };
}

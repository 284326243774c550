/** Resolving a reference at its registry: an image, or containerd's words for why there is none. */

import { own } from '../sim/own.ts';
import { REGISTRIES, REPOSITORIES, type Repository } from './catalogue.ts';
import { digestOf } from './digest.ts';
import { type Image, type ImageConfig, PullError } from './image.ts';
import { fullName, type ImageReference, repositoryName } from './reference.ts';
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

const images = new Map<string, Image>();

/** Throws PullError. The same name is the same image, always. */
export function resolveImage(reference: ImageReference): Image {
  const name = fullName(reference);
  const known = images.get(name);
  if (known) return known;
  const image = lookUp(reference);
  images.set(name, image);
  return image;
}

function lookUp(reference: ImageReference): Image {
  const name = fullName(reference);
  const repository = repositoryName(reference);
  if (!REGISTRIES.has(reference.domain)) {
    const version = reference.digest ?? reference.tag;
    throw failure(
      'Unknown',
      name,
      `failed to do request: Head "https://${reference.domain}/v2/${reference.path}/manifests/${version}": dial tcp: lookup ${reference.domain.split(':')[0]} on 192.168.120.1:53: no such host`,
    );
  }
  const found = own(REPOSITORIES, repository);
  if (!found) throw missingRepository(reference, name);
  const tag = reference.digest === undefined ? reference.tag! : tagOfDigest(repository, found, reference);
  if (tag === undefined || !hasTag(found, tag)) throw failure('NotFound', name, `${name}: not found`);
  return makeImage(repository, tag, found);
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
function hasTag(repository: Repository, tag: string): boolean {
  const named = (repository.tags ?? '').split(' ');
  if (tag === 'latest' || named.includes(tag)) return true;
  const [base, ...flavours] = tag.split('-');
  if (!flavours.every(isFlavour)) return false;
  return named.includes(base!) || isFlavour(base!)
    ? repository.alpine !== undefined || !tag.includes('alpine')
    : isRelease(base!, repository);
}

const isFlavour = (word: string): boolean => FLAVOURS.has(word) || /^alpine3\.\d{1,2}$/.test(word);

function isRelease(text: string, { version }: Repository): boolean {
  if (!version || !/^v?\d{1,4}(\.\d{1,3}){0,2}$/.test(text)) return false;
  const numbers = text.replace(/^v/, '').split('.').map(Number);
  const latest = version.split('.').map(Number);
  if (numbers[0]! !== latest[0]!) return numbers[0]! < latest[0]! && numbers.slice(1).every((n) => n < 100);
  return numbers.length === 1 || numbers[1]! <= latest[1]!;
}

function tagOfDigest(repository: string, found: Repository, reference: ImageReference): string | undefined {
  const candidates = [reference.tag, 'latest', found.version];
  return candidates.find((tag) => tag !== undefined && digestOf(`${repository}:${tag}`) === reference.digest);
}

function makeImage(repository: string, tag: string, found: Repository): Image {
  const flavour = tag.includes('alpine') ? found.alpine : undefined;
  const tree = flavour?.tree ?? found.tree;
  const config: ImageConfig = { ...found.config, ...flavour?.config };
  const name = `${repository}:${tag}`;
  let made: Tree | undefined;
  return {
    name,
    repository,
    tag,
    digest: digestOf(name),
    id: digestOf(`${name} config`),
    size: flavour?.size ?? (tag.includes('slim') ? Math.round(found.size * 0.58) : found.size),
    config,
    tree: () => (made ??= tree(tag)),
  };
}

/** What an image or a command would do, told from its name. */

import type { Container } from '../../api/types.ts';
import { digestOf } from '../../images/digest.ts';

const POD_IMAGES =
  /^(?:docker\.io\/)?(?:library\/)?(?:nginx|httpd|busybox|redis|mysql|mariadb|postgres|alpine|ubuntu|debian|centos|memcached|wordpress)(?:[:@]|$)/;
const PUBLIC_REGISTRIES = /^(?:k8s\.gcr\.io|registry\.k8s\.io|quay\.io)\//;
const BAD_TAG = /:(?:9\.99|nosuch|doesnotexist|typo|lates$|1\.999)/;
/** Images that exit without a command: shells with nothing to read. */
const BASE_IMAGES = /(?:^|\/)(?:busybox|alpine|ubuntu|debian|centos)(?:[:@]|$)/;

export type Behaviour = 'runs' | 'completes' | 'fails';

/** What a command does is told from its text. */
export function behaviourOf({ command = [], args = [], image = '' }: Container): Behaviour {
  const text = [...command, ...args].join(' ');
  if (/\bsleep\b|tail -f|\bwhile\b|infinity/.test(text)) return 'runs';
  if (/exit 1|\bfalse\b/.test(text) && !/\|\| exit 1/.test(text)) return 'fails';
  if (/^(?:\/bin\/)?(?:ba|a)?sh\b/.test(text)) return 'completes';
  if (text === '') return BASE_IMAGES.test(image) ? 'completes' : 'runs';
  return BASE_IMAGES.test(image) ? 'completes' : 'runs';
}

export function pullError(image: string): string | undefined {
  const unknown = !POD_IMAGES.test(image) && !PUBLIC_REGISTRIES.test(image);
  if (unknown) {
    return `rpc error: code = Unknown desc = Error response from daemon: pull access denied for ${nameOf(image)}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
  }
  if (BAD_TAG.test(image)) {
    return `rpc error: code = Unknown desc = Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`;
  }
  return undefined;
}

/** `nginx` of `nginx:1.19`. */
export const nameOf = (image: string): string => image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');

export const withTag = (image: string): string => (/:[^/]*$|@/.test(image) ? image : `${image}:latest`);

export const imageSize = (image: string): number =>
  133_000_000 + (Number.parseInt(digestOf(image).slice(7, 11), 16) % 100_000);

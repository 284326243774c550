/** The images on one node: what was pulled, and what is found under a name, a digest or an ID. */

import type { Image } from '../../images/image.ts';
import { type ImageReference, InvalidReference, parseReference, repositoryName } from '../../images/reference.ts';

export class ImageStore {
  /** By full name. */
  readonly #images = new Map<string, Image>();

  add(image: Image): void {
    this.#images.set(image.name, image);
  }

  list(): Image[] {
    return [...this.#images.values()];
  }

  has(reference: ImageReference): boolean {
    return this.find(reference) !== undefined;
  }

  find(reference: ImageReference): Image | undefined {
    const repository = repositoryName(reference);
    if (reference.digest === undefined) return this.#images.get(`${repository}:${reference.tag}`);
    return this.list().find((image) => image.repository === repository && image.digest === reference.digest);
  }

  /** A name, or the beginning of an ID. */
  lookUp(text: string): Image | undefined {
    const hex = text.replace(/^sha256:/, '');
    if (/^[0-9a-f]{6,}$/.test(hex)) {
      const byId = this.list().find((image) => image.id.slice('sha256:'.length).startsWith(hex));
      if (byId) return byId;
    }
    try {
      return this.find(parseReference(text));
    } catch (error) {
      if (error instanceof InvalidReference) return undefined;
      throw error;
    }
  }

  remove(image: Image): void {
    this.#images.delete(image.name);
  }
}

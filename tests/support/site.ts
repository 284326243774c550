/** The built site, served where and how a test wants it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Served {
  /** The site's root. */
  readonly url: string;
  stop(): Promise<void>;
}

/** `options` are those of scripts/serve.ts. */
export async function serve(...options: string[]): Promise<Served> {
  const script = fileURLToPath(new URL('../../scripts/serve.ts', import.meta.url));
  const child = spawn(process.execPath, [script, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  // A test that fails may not come to stop it.
  process.once('exit', () => child.kill());
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown];
  if (!Buffer.isBuffer(line)) throw new Error(`scripts/serve.ts ${options.join(' ')} did not start`);
  return {
    url: line.toString().trim(),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

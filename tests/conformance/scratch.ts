/** A scratch folder with the real kubectl first in PATH, where a transcript's commands run in bash. */

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number | string;
}

export interface Run {
  readonly command: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of the process as it starts: lets time pass with it, and ends it by `kill`; what it returns is called at the end. */
  readonly follow: (pid: number, kill: () => void) => () => void;
}

export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  readonly #path: string;

  constructor(kubectl: string, url: string) {
    this.#path = `${join(this.folder, 'editors')}:${kubectl}:${process.env.PATH}`;
    mkdirSync(join(this.folder, 'editors'));
    this.write('home/.kube/config', kubeconfig(url));
    this.write('home/.kube/developer', kubeconfig(url, 'developer'));
  }

  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  run({ command, stdin = '', env = {}, follow }: Run): Promise<Answer> {
    mkdirSync(join(this.folder, 'work'), { recursive: true });
    const child = spawn('bash', ['-c', command], {
      cwd: join(this.folder, 'work'),
      env: { PATH: this.#path, HOME: join(this.folder, 'home'), LANG: 'C.UTF-8', ...env },
      detached: true,
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    let running = true;
    const done = follow(child.pid!, () => running && process.kill(-child.pid!, 'SIGKILL'));
    return new Promise((resolve) => {
      child.on('close', (code, signal) => {
        running = false;
        done();
        resolve({ ...output, rc: code ?? `signal ${signal}` });
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const AUTHORITY = readFileSync(new URL('testdata/ca.crt', import.meta.url)).toString('base64');

/** Named as the recorded cluster's was; kubectl shows a certificate authority, and asks nothing of it over plain HTTP. */
const kubeconfig = (url: string, as?: string): string => `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster: {server: "${url}", certificate-authority-data: ${AUTHORITY}}
contexts:
- name: kubernetes-admin@kubernetes
  context: {cluster: kubernetes, namespace: default, user: kubernetes-admin}
current-context: kubernetes-admin@kubernetes
users:
- name: kubernetes-admin
  user: {token: unused${as ? `, as: ${as}` : ''}}
`;

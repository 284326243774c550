/** The learner's own shell: `jsh`, the WebContainer's, in the folder `work/`. */

import { theContainer } from './container.ts';
import { KUBECONFIG, WORK } from './home.ts';
import { pump } from './pump.ts';

export interface Shell {
  write(data: string): void;
  resize(columns: number, rows: number): void;
  readonly exit: Promise<number>;
  kill(): void;
}

export async function openShell(
  size: { readonly columns: number; readonly rows: number },
  onOutput: (data: string) => void,
): Promise<Shell> {
  const container = await theContainer();
  const child = await container.spawn('jsh', [], {
    cwd: WORK,
    env: { KUBECONFIG: `${container.workdir}/${KUBECONFIG}` },
    terminal: { cols: size.columns, rows: size.rows },
  });
  const input = child.input.getWriter();
  void pump(child.output, onOutput).catch(() => undefined);
  return {
    write: (data) => void input.write(data),
    resize: (columns, rows) => child.resize({ cols: columns, rows }),
    exit: child.exit,
    kill: () => child.kill(),
  };
}

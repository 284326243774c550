/** exportfs against the real one of nfs-utils 2.6.2: the same files, the same words, the same etab and listings. */

import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import type { KernelMachine } from '../kernel/machine.ts';
import { TestWorld } from '../testing.ts';

interface Recorded {
  readonly name: string;
  readonly exports: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly etab: string;
  /** `exportfs` and `exportfs -v`. */
  readonly list: string;
  readonly verbose: string;
}

/** Made by scripts/record-exports.sh, with /proc/fs/nfsd/export_features of a kernel that has nfsd. */
const recorded: Recorded[] = JSON.parse(readFileSync(new URL('testdata/exports.json', import.meta.url), 'utf8'));

const HOSTS = [
  ['192.168.120.230', 'nfs'],
  ['192.168.120.231', 'master01'],
  ['192.168.120.232', 'node01'],
  ['192.168.120.233', 'node02'],
] as const;

let world: TestWorld;
let server: KernelMachine;

beforeEach(async () => {
  world = new TestWorld();
  server = world.machine({
    hostname: 'nfs',
    address: '192.168.120.230',
    hosts: HOSTS,
    packages: ['nfs-kernel-server'],
  });
  const { init } = server;
  await world.run(init.mkdir('/exp'));
  for (const name of ['a', 'b', 'c', 'with space', 'a#b', 'a\tb', 'é', 'a-rather-long-name', 'a\\b'])
    await world.run(init.mkdir(`/exp/${name}`));
  await world.run(init.writeFile('/exp/file', ''));
  await world.run(init.symlink('a', '/exp/link'));
});

/** FIDELITY.md: `ro` and `rw` stand first, as in the article. */
const accessFirst = (listing: string): string =>
  listing.replace(/^(\t?.*?)\((.*)\)$/gm, (_, left: string, options: string) => {
    const all = options.split(',');
    const access = all.filter((one) => one === 'ro' || one === 'rw');
    const [first, ...rest] = access;
    const others = all.filter(
      (one, i) => (one !== 'ro' && one !== 'rw') || (all.indexOf(one) !== i && rest.includes(one)),
    );
    return `${left}(${[first, ...others].join(',')})`;
  });

test.each(recorded)('/etc/exports: $name', async ({ exports, stderr, exitCode, etab, list, verbose }) => {
  await world.run(server.init.writeFile('/etc/exports', exports));
  expect(await world.exec(server, 'exportfs -ra', { cwd: '/root' })).toEqual({ stdout: '', stderr, code: exitCode });
  expect(await world.run(server.init.readText('/var/lib/nfs/etab'))).toBe(etab);
  expect((await world.exec(server, 'exportfs')).stdout).toBe(list);
  if (!/sec=.*sec=/.test(verbose)) expect((await world.exec(server, 'exportfs -v')).stdout).toBe(accessFirst(verbose));
});

test('exportfs on the command line, as the real one answers', async () => {
  const transcript = readFileSync(new URL('testdata/exportfs-commands.txt', import.meta.url), 'utf8');
  await world.run(server.init.writeFile('/etc/exports', '/exp/a *(rw,no_subtree_check)\n'));
  for (const block of transcript.split(/^\$ /m).filter(Boolean)) {
    const [, command, printed, code] = /^(.*)\n([\s\S]*)rc=(\d+)\n$/.exec(block)!;
    const result = await world.exec(server, `exportfs ${command}`.trim(), { cwd: '/root' });
    const said = `${result.stdout}${result.stderr}`;
    expect([command, said, result.code]).toEqual([command, accessFirst(printed!), Number(code)]);
  }
});

test('showmount -e has the order of rpc.mountd, and what absorbs what', async () => {
  await world.run(
    server.init.writeFile(
      '/etc/exports',
      '/exp/a node01(rw,no_subtree_check) 192.168.120.0/24(ro,no_subtree_check)\n/exp/b node01(rw,no_subtree_check) *(ro,no_subtree_check)\n/exp/c *(rw,no_subtree_check)\n/exp/with\\040space @trusted(rw,no_subtree_check) *.lab(ro,no_subtree_check)\n',
    ),
  );
  await world.exec(server, 'exportfs -ra');
  expect((await world.exec(server, 'showmount -e')).stdout).toBe(
    'Export list for nfs:\n/exp/c          *\n/exp/with space @trusted,*.lab\n/exp/b          (everyone)\n/exp/a          192.168.120.0/24\n',
  );
});

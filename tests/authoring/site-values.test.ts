/** A company's own server and registry: the lab answers there too, so that a lesson written for them can be lived through. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problemLine } from '../../sandbox/hosts/content/problems.ts';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../../sandbox/hosts/opening.ts';
import type { CommandResult } from '../../sandbox/lesson/observation.ts';
import { lintLessons } from '../../scripts/authoring/lint.ts';
import { writeLesson } from '../../scripts/authoring/new-lesson.ts';

test.each(['10.20.30.40', 'nas.example.com'])(
  'server: %s',
  async (server) => {
    const folder = mkdtempSync(join(tmpdir(), 'bound-site-'));
    writeLesson(join(folder, 'new'), 'new', ['en']);
    writeFileSync(join(folder, 'site.yaml'), `server: ${server}\nregistry: registry.example.com:5000/team\n`);
    const problems: string[] = [];
    for await (const problem of lintLessons([{ path: folder, own: true }])) problems.push(problemLine(problem));
    expect(problems).toEqual([]);

    const lessons = lessonsFromDisk(folder);
    expect(lessons[0]!.manifests['volume.yaml']).toContain(`server: ${server}\n`);
    const start = { lesson: 'new', step: 'create' };
    const session = await openSession({ seed: 1, start, language: 'en', lessons, follow: true });
    const run = async (host: string, command: string) =>
      (await session.result<CommandResult>(session.input({ type: 'run', host, command }), 400_000))!;
    await run('nfs', "mkdir -p /mnt/nfsserv; echo '/mnt/nfsserv *(rw,no_root_squash)' >> /etc/exports; exportfs -ra");
    expect((await run('nfs', 'touch /mnt/nfsserv/seen')).exitCode).toBe(0);
    await run('node01', 'apt-get update && apt-get install -y nfs-common');
    expect(await run('node01', `showmount -e ${server}`)).toMatchObject({ exitCode: 0 });
    const { stdout } = await run(
      'node01',
      `mount -t nfs ${server}:/mnt/nfsserv /mnt && ls /mnt && grep nfs /proc/mounts`,
    );
    expect(stdout).toMatch(new RegExp(`^seen\n${server.replaceAll('.', '\\.')}:/mnt/nfsserv /mnt nfs`));
    const pod =
      'kubectl run web --image=registry.example.com:5000/team/nginx && kubectl wait --for=condition=Ready pod/web --timeout=120s';
    expect(await run('master01', pod)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(
      (
        await run(
          'master01',
          'kubectl run other --image=registry.example.com:5000/x/nginx; sleep 20; kubectl get pod other',
        )
      ).stdout,
    ).toMatch(/ErrImagePull|ImagePullBackOff/);
    session.close();
    rmSync(folder, { recursive: true });
  },
  120_000,
);

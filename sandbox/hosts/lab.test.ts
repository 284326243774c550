/** The contract of `lab` (ARCHITECTURE.md): what scripts outside the project depend on. */

import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { firstLine, lab, PROJECT, run, script, startLab } from './lab-process.ts';

// Every test starts processes, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'bound-lab-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stdoutOf = (answers: readonly Record<string, unknown>[]) => answers.map((answer) => answer.stdout);

describe('script', () => {
  test('a bad line is answered by its reason, the rest goes on, and the exit code is 1', async () => {
    const input = ['nonsense', '[]', '{"host":"nfs"}', '{"host":"nfs","run":"hostname"}', ''].join('\n');
    const { stdout, code } = await lab(['script'], { input });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(answers.map((answer) => Object.keys(answer))).toEqual([
      ['error'],
      ['error'],
      ['error'],
      ['host', 'run', 'stdout', 'stderr', 'exitCode'],
    ]);
    expect(answers[3]).toEqual({ host: 'nfs', run: 'hostname', stdout: 'nfs\n', stderr: '', exitCode: 0 });
    expect(code).toBe(1);
  });

  test('names that are not there are told beside those that are', async () => {
    const answers = await script([
      { host: 'moon', run: 'ls' },
      { check: 'moon/landing' },
      { check: 'the-lab/landing' },
      { advance: 'soon' },
      { restore: join(folder, 'missing.json') },
    ]);
    expect(answers.map(({ error }) => error)).toEqual([
      expect.stringContaining('(there are: master01, node01, node02, nfs)'),
      expect.stringContaining('(there are: the-lab, persistent-volume, '),
      expect.stringContaining('(there are: look-around, export, clients, verify, challenge)'),
      expect.stringContaining('is not a duration'),
      expect.stringContaining('missing.json'),
    ]);
  });

  test('no line, no answer, exit code 0', async () => {
    expect(await lab(['script'])).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  test('exit codes and streams are the command’s; stdin is empty', async () => {
    const answers = await script([
      { host: 'nfs', run: 'ls /nowhere' },
      { host: 'master01', run: 'kubectl get pod nowhere' },
      { host: 'nfs', run: 'no-such-command' },
      { host: 'nfs', run: 'cat; echo "cat: $?"' },
      { host: 'nfs', run: '[ -t 0 ] || echo no terminal' },
      { host: 'nfs', run: 'echo "unfinished' },
    ]);
    expect(answers.map(({ stdout, stderr, exitCode }) => [stdout, stderr, exitCode])).toEqual([
      ['', "ls: cannot access '/nowhere': No such file or directory\n", 2],
      ['', 'Error from server (NotFound): pods "nowhere" not found\n', 1],
      ['', 'bash: line 1: no-such-command: command not found\n', 127],
      ['cat: 0\n', '', 0],
      ['no terminal\n', '', 0],
      ['', expect.stringContaining('unexpected EOF while looking for matching `"\''), 2],
    ]);
  });

  test('a command is ended after ten virtual minutes with 124', async () => {
    const answers = await script([
      { host: 'nfs', run: 'date +%s' },
      { host: 'nfs', run: 'echo before; sleep 700; echo after' },
      { host: 'nfs', run: 'date +%s' },
      { host: 'nfs', run: 'tail -f /etc/hosts | cat' },
      { host: 'nfs', run: 'echo again' },
    ]);
    expect(answers[1]).toMatchObject({ stdout: 'before\n', exitCode: 124 });
    expect(Number(answers[2]!.stdout) - Number(answers[0]!.stdout)).toBeCloseTo(600, -1);
    expect(answers[3]).toMatchObject({ stdout: expect.stringContaining('nfs'), exitCode: 124 });
    expect(answers[4]).toMatchObject({ stdout: 'again\n', exitCode: 0 });
  });

  test('cwd, variables, functions and jobs stay with the host; `exit` gives the next a fresh shell', async () => {
    const answers = await script([
      { host: 'nfs', run: 'cd /mnt; name=value; greet() { echo "hello $1"; }; (sleep 30; echo done > /tmp/job) &' },
      { host: 'nfs', run: 'pwd; echo $name; greet you; jobs' },
      { host: 'node01', run: 'pwd; echo "[$name]"' },
      { advance: '31s' },
      { host: 'nfs', run: 'cat /tmp/job' },
      { host: 'nfs', run: 'exit 3' },
      { host: 'nfs', run: 'pwd; echo "[$name]"' },
    ]);
    expect(stdoutOf(answers)).toEqual([
      '',
      expect.stringMatching(/^\/mnt\nvalue\nhello you\n\[1\]\+ {2}Running .*\n$/),
      '/root\n[]\n',
      undefined,
      'done\n',
      '',
      '/root\n[]\n',
    ]);
    expect(answers[5]!.exitCode).toBe(3);
  });

  test('type and screen show what xterm would', async () => {
    const [fresh, typed, half, screen, other] = (await script([
      { host: 'nfs', screen: true },
      { host: 'nfs', type: 'hostname\r' },
      { host: 'nfs', type: 'echo ha' },
      { host: 'nfs', screen: true },
      { host: 'node01', screen: true },
    ])) as { screen: string[]; cursor: [number, number] }[];
    expect(fresh!.screen).toHaveLength(24);
    expect(fresh!.screen[0]!.trimEnd()).toBe('[root@nfs ~]#');
    expect(fresh!.cursor).toEqual([0, '[root@nfs ~]# '.length]);
    expect(typed!.screen.slice(0, 3).map((row) => row.trimEnd())).toEqual([
      '[root@nfs ~]# hostname',
      'nfs',
      '[root@nfs ~]#',
    ]);
    expect(half!.screen[2]).toBe('[root@nfs ~]# echo ha');
    expect(half!.cursor).toEqual([2, '[root@nfs ~]# echo ha'.length]);
    expect(screen).toEqual(half);
    expect(other!.screen[0]!.trimEnd()).toBe('[root@node01 ~]#');
  });

  test('check is the state now, solve makes it so', async () => {
    const [red, solved, green, undone, again] = await script([
      { check: 'the-lab/export' },
      { solve: 'the-lab/export' },
      { check: 'the-lab/export' },
      { host: 'nfs', run: 'exportfs -ua' },
      { check: 'the-lab/export' },
    ]);
    expect(red).toEqual({
      passed: false,
      checks: [
        { id: 'directory', passed: false, message: expect.stringContaining('/mnt/nfsserv') },
        { id: 'exported', passed: false, message: expect.stringContaining('exports nothing') },
      ],
    });
    expect(solved).toEqual({ ok: true, now: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
    expect(green).toEqual({
      passed: true,
      checks: [
        { id: 'directory', passed: true, message: '' },
        { id: 'exported', passed: true, message: '' },
      ],
    });
    expect(undone!.exitCode).toBe(0);
    expect(again).toMatchObject({ passed: false, checks: [{ passed: true }, { passed: false }] });
  });

  test('advance and settle let virtual time pass, and ages follow', async () => {
    const answers = await script([
      { host: 'master01', run: 'kubectl run web --image=nginx' },
      { settle: true },
      { host: 'master01', run: 'kubectl get pod web' },
      { advance: '2h' },
      { host: 'master01', run: 'kubectl get pod web' },
      { advance: '1h5m' },
      { host: 'master01', run: 'kubectl get pod web' },
      { advance: '48h' },
      { host: 'master01', run: 'kubectl get pod web' },
    ]);
    // HumanDuration (apimachinery/pkg/util/duration): minutes up to three hours, then hours and minutes, then days and hours.
    const ages = [2, 4, 6, 8].map((i) => /Running +0 +(\S+)\n$/.exec(answers[i]!.stdout as string)?.[1]);
    expect(ages).toEqual([expect.stringMatching(/^\d+s$/), '120m', '3h5m', '2d3h']);
    const passed = Date.parse(answers[3]!.now as string) - Date.parse(answers[1]!.now as string);
    expect(Math.abs(passed - 2 * 3_600_000)).toBeLessThan(10_000);
  });

  test('--lesson begins where that step begins', async () => {
    const [list, check, earlier] = await script(
      [
        { host: 'master01', run: 'kubectl get pvc -o name; ls /root/kube_yaml/persistent_volume' },
        { check: 'claim/create' },
        { check: 'claim/define' },
      ],
      '--lesson',
      'claim/create',
    );
    expect(list!.stdout).toBe('persistent_volume.yaml\npersistent_volume_claims.yaml\n');
    expect(check!.passed).toBe(false);
    expect(earlier!.passed).toBe(true);
  });
});

test('a wrong command line is told in one line, with exit code 2', async () => {
  const mistakes = [
    [['script', '--lesson', 'nope'], /^lab script: no lesson "nope" \(there are: .*\)\n$/],
    [['script', '--lesson', 'claim/nope'], /^lab script: no step "nope" in lesson "claim" \(there are: .*\)\n$/],
    [['script', '--seed', 'x'], /^lab script: --seed: "x" is not a whole number\n$/],
    [['serve', '--bogus'], /^lab serve: Unknown option '--bogus'.*\n$/],
    [['dance'], /^lab: unknown command "dance"\nUsage: /],
  ] as const;
  const ended = await Promise.all(mistakes.map(([args]) => lab(args)));
  mistakes.forEach(([, words], i) => {
    expect(ended[i]!.stderr).toMatch(words);
    expect(ended[i]!.code).toBe(2);
  });
});

describe('serve', () => {
  let server: ReturnType<typeof startLab>;
  let url: string;

  beforeAll(async () => {
    server = startLab(['serve', '--kubeconfig', 'kubeconfig.yaml', '--lesson', 'claim'], {
      cwd: PROJECT,
      env: { INIT_CWD: folder },
    });
    const ready = JSON.parse(await firstLine(server)) as { url: string; kubeconfig: string };
    url = ready.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(ready.kubeconfig).toBe(join(folder, 'kubeconfig.yaml'));
  });

  test('its first line is its address', async () => {
    const other = startLab(['serve']);
    expect(JSON.parse(await firstLine(other))).toEqual({ url: expect.stringMatching(/^http:/) });
    other.kill('SIGTERM');
    expect(await once(other, 'exit')).toEqual([0, null]);
  });

  test.skipIf(!existsSync('/proc/self/stat'))('when nobody reads what it says, it goes on and rests', async () => {
    const other = startLab(['serve', '--kubeconfig', 'orphan.yaml'], { cwd: PROJECT, env: { INIT_CWD: folder } });
    other.stdout.destroy();
    other.stderr.destroy();
    const kubeconfig = join(folder, 'orphan.yaml');
    await expect.poll(() => existsSync(kubeconfig), { timeout: 20_000 }).toBe(true);
    const version = () => fetch(`${/http:\S+/.exec(readFileSync(kubeconfig, 'utf8'))![0]}/version`);
    expect((await version()).status).toBe(200);
    /** Hundredths of a second of the processor (proc(5): utime and stime). */
    const worked = () => {
      const fields = readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return Number(fields[11]) + Number(fields[12]);
    };
    const before = worked();
    await new Promise((wait) => setTimeout(wait, 1_000));
    expect(worked() - before).toBeLessThan(50);
    expect((await version()).status).toBe(200);
    other.kill('SIGTERM');
    expect(await once(other, 'exit')).toEqual([0, null]);
  });

  test('it speaks the Kubernetes API', async () => {
    const version = (await (await fetch(`${url}/version`)).json()) as { gitVersion: string };
    expect(version.gitVersion).toBe('v1.36.2');
    const pv = (await (await fetch(`${url}/api/v1/persistentvolumes/pv0001`)).json()) as {
      spec: { nfs: object };
    };
    expect(pv.spec.nfs).toEqual({ server: '192.168.120.230', path: '/mnt/nfsserv' });
    const missing = await fetch(`${url}/api/v1/namespaces/default/pods/nowhere`);
    expect([missing.status, ((await missing.json()) as { reason: string }).reason]).toEqual([404, 'NotFound']);
  });

  test('a watch tells what happens, as it happens', async () => {
    const abort = new AbortController();
    const watch = await fetch(`${url}/api/v1/namespaces/default/configmaps?watch=1`, { signal: abort.signal });
    const events = watch.body!.pipeThrough(new TextDecoderStream()).getReader();
    const created = await fetch(`${url}/api/v1/namespaces/default/configmaps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'seen' } }),
    });
    expect(created.status).toBe(201);
    let text = '';
    while (!text.includes('"seen"')) text += (await events.read()).value ?? '';
    const types = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: { name: string } } });
    expect(types.find(({ object }) => object.metadata.name === 'seen')?.type).toBe('ADDED');
    abort.abort();
  });

  test('lab kubectl reads its kubeconfig: stdin, stdout, stderr and exit code are the caller’s', async () => {
    const kubectl = (args: string[], input = '') =>
      lab(['kubectl', '--kubeconfig', 'kubeconfig.yaml', ...args], { input, env: { INIT_CWD: folder } });
    expect(await kubectl(['get', 'pv', '-o', 'name'])).toEqual({
      stdout: 'persistentvolume/pv0001\n',
      stderr: '',
      code: 0,
    });
    expect(await kubectl(['get', 'pod', 'nowhere'])).toEqual({
      stdout: '',
      stderr: 'Error from server (NotFound): pods "nowhere" not found\n',
      code: 1,
    });
    const manifest = readFileSync(join(PROJECT, 'content/03-claim/files/persistent_volume_claims.yaml'), 'utf8');
    expect((await kubectl(['apply', '-f', '-'], manifest)).stdout).toBe('persistentvolumeclaim/test-claim created\n');
    const waited = await kubectl(['wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/test-claim', '--timeout=20s']);
    expect(waited.stdout).toBe('persistentvolumeclaim/test-claim condition met\n');
  });

  test('SIGTERM ends it with 0, watches and all', async () => {
    const watch = await fetch(`${url}/api/v1/nodes?watch=1`);
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
    await watch.body?.cancel().catch(() => undefined);
  });
});

test('npm gives the caller’s folder: relative paths are the caller’s', async () => {
  const input = '{"host":"nfs","run":"hostname"}\n{"snapshot":"here.json"}\n';
  const { stdout, code } = await run('npm', ['--prefix', PROJECT, 'run', '-s', 'lab', '--', 'script'], {
    input,
    cwd: folder,
  });
  expect(stdout.split('\n')[0]).toBe('{"host":"nfs","run":"hostname","stdout":"nfs\\n","stderr":"","exitCode":0}');
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, 'here.json'), 'utf8'))).toMatchObject({ version: 1, seed: 1 });
});

/** Programs that cannot be recorded on a machine without systemd, apt's lists or a second host: their words from their sources. */

import { expect, test } from 'vitest';
import { run, testMachine } from '../shell/testing.ts';

const bash = async (script: string, machine = testMachine()) => {
  const { stdout, stderr, status } = await run(machine, ['bash', '-c', script]);
  return { said: stdout + stderr, status };
};

test('apt-cache and apt know what is installed', async () => {
  const { said } = await bash('apt-cache policy bash');
  expect(said).toMatch(/^bash:\n {2}Installed: 5\.2\.15-2\+b8\n {2}Candidate: 5\.2\.15-2\+b8\n {2}Version table:\n/);
  expect((await bash('apt list --installed 2>/dev/null | grep ^bash/')).said).toMatch(/^bash\/stable,now 5\.2\.15/);
});

test('journalctl of a unit that wrote nothing', async () => {
  expect(await bash('journalctl -u nosuch')).toEqual({ said: '-- No entries --\n', status: 0 });
});

test('hostnamectl shows the static name', async () => {
  expect((await bash('hostnamectl')).said).toMatch(/^ *Static hostname: master01\n/);
});

test('sudo runs as root, and knows no strangers', async () => {
  expect(await bash('sudo id -un')).toEqual({ said: 'root\n', status: 0 });
  expect(await bash('sudo -u nouser true')).toEqual({
    said: 'sudo: unknown user nouser\nsudo: error initializing audit plugin sudoers_audit\n',
    status: 1,
  });
});

test('ssh to a name that is nowhere', async () => {
  expect(await bash('ssh nosuch')).toEqual({
    said: 'ssh: Could not resolve hostname nosuch: Name or service not known\n',
    status: 255,
  });
});

test('shutdown is scheduled for a minute from now', async () => {
  expect((await bash('shutdown')).said).toMatch(/^Shutdown scheduled for .*, use 'shutdown -c' to cancel\.\n$/);
  expect(await bash('shutdown -c')).toEqual({ said: '', status: 0 });
});

test('poweroff, halt and reboot are root’s', async () => {
  for (const name of ['poweroff', 'halt', 'reboot']) {
    const machine = testMachine();
    const { said, status } = await bash(`chmod 755 /root; su nobody -s /bin/bash -c ${name}`, machine);
    expect([name, status, said]).toEqual([name, 1, expect.stringContaining('Access denied')]);
  }
});

test('reset sends the terminal its initial strings (terminfo, xterm rs1 and rs2)', async () => {
  expect((await bash('reset')).said).toContain('\x1bc\x1b[!p');
});

test('vim without a terminal says so', async () => {
  expect((await bash('vim -R +q /etc/hostname 2>&1 | head -n 1')).said).toBe(
    'Vim: Warning: Output is not to a terminal\n',
  );
});

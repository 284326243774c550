/** ping(8) of iputils 20221126. */

import type { Task } from '../../../sim/task.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { machineOf, ownAddress } from '../kernel-access.ts';
import { hostsFile, resolveHost } from './resolve.ts';

export const ping = tool(
  'ping',
  { short: '46bc:i:nqs:t:W:w:', usage: 'ping [options] <destination>', usageStatus: 2 },
  function* (self) {
    const { process } = self;
    const [host] = self.operands;
    if (host === undefined) {
      yield* process.error('ping: usage error: Destination address required\n');
      return 1;
    }
    const address = yield* resolveHost(process, host);
    if (!address) {
      yield* process.error(`ping: ${host}: Name or service not known\n`);
      return 2;
    }
    return yield* run(self, host, address);
  },
);

function* run(self: Tool, host: string, address: string): Task<number> {
  const { process } = self;
  const { network, random } = machineOf(process);
  const from = ownAddress(process);
  const size = Number(self.get('s') ?? 56);
  const count = Number(self.get('c') ?? Number.POSITIVE_INFINITY);
  const interval = Number(self.get('i') ?? 1) * 1_000;
  const deadline = self.has('w') ? process.now() + Number(self.get('w')) * 1_000 : Number.POSITIVE_INFINITY;
  const started = process.now();
  const times: number[] = [];
  let sent = 0;
  let errors = 0;
  let stop = false;
  process.trap('SIGINT', () => {
    stop = true;
    throw new Interrupted();
  });
  const name = (yield* hostsFile(process)).find((one) => one.address === address)?.names[0];
  const source = self.has('n') || !name ? address : `${name} (${address})`;
  yield* self.print(`PING ${host} (${address}) ${size}(${size + 28}) bytes of data.\n`);
  try {
    while (sent < count && !stop && process.now() < deadline) {
      sent++;
      const reach = network.reach(from, address);
      if (reach === 'up') {
        const time =
          address === from || address.startsWith('127.')
            ? 0.02 + random.fraction() * 0.03
            : 0.25 + random.fraction() * 0.3;
        times.push(time);
        if (!self.has('q'))
          yield* self.print(
            `${size + 8} bytes from ${source}: icmp_seq=${sent} ttl=64 time=${time < 1 ? time.toFixed(3) : time.toFixed(2)} ms\n`,
          );
      } else if (reach === 'unreachable') {
        yield* process.sleep(2_000);
        errors++;
        if (!self.has('q')) yield* self.print(`From ${from} icmp_seq=${sent} Destination Host Unreachable\n`);
      }
      if (sent < count || reach === 'silent') yield* process.sleep(interval);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  const loss = sent === 0 ? 0 : Math.round(((sent - times.length) * 100) / sent);
  const total = process.now() - started;
  const failed = errors > 0 ? `+${errors} errors, ` : '';
  yield* self.print(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} received, ${failed}${loss}% packet loss, time ${total}ms\n`,
  );
  if (times.length === 0) {
    yield* self.print('\n');
    return 1;
  }
  const average = times.reduce((sum, time) => sum + time, 0) / times.length;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - average) ** 2, 0) / times.length);
  const figures = [Math.min(...times), average, Math.max(...times), deviation].map((time) => time.toFixed(3)).join('/');
  yield* self.print(`rtt min/avg/max/mdev = ${figures} ms\n`);
  return 0;
}

class Interrupted extends Error {}

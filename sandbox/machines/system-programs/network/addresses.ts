/** ip(8), hostname(1), hostnamectl(1), ss(8), uname(1). */

import type { Task } from '../../../sim/task.ts';
import { KERNEL_RELEASE, KERNEL_VERSION } from '../../kernel/procfs.ts';
import type { Process } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { inContainer, kernelProcess, machineOf } from '../kernel-access.ts';
import { hostsFile } from './resolve.ts';

const INTERFACE = 'ens192';

/** A locally administered address made from the IPv4 one, as hypervisors do. */
const hardwareAddress = (address: string): string =>
  `00:50:56:${address
    .split('.')
    .slice(1)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(':')}`;

interface Link {
  readonly index: number;
  readonly name: string;
  readonly flags: string;
  readonly mtu: number;
  readonly kind: 'loopback' | 'ether';
  readonly mac: string;
  readonly address: string;
  readonly prefix: number;
  readonly broadcast?: string;
}

/** In a pod the interface is a veth with the pod's address, as /etc/hosts says. */
function* links(process: Process): Task<Link[]> {
  const loopback: Link = {
    index: 1,
    name: 'lo',
    flags: 'LOOPBACK,UP,LOWER_UP',
    mtu: 65_536,
    kind: 'loopback',
    mac: '00:00:00:00:00:00',
    address: '127.0.0.1',
    prefix: 8,
  };
  const machine = machineOf(process);
  if (!inContainer(process)) {
    const network = machine.address.split('.').slice(0, 3).join('.');
    return [
      loopback,
      {
        index: 2,
        name: INTERFACE,
        flags: 'BROADCAST,MULTICAST,UP,LOWER_UP',
        mtu: 1_500,
        kind: 'ether',
        mac: hardwareAddress(machine.address),
        address: machine.address,
        prefix: 24,
        broadcast: `${network}.255`,
      },
    ];
  }
  const { hostname } = kernelProcess(process);
  const address = (yield* hostsFile(process)).find((one) => one.names.includes(hostname))?.address ?? machine.address;
  return [
    loopback,
    {
      index: 2,
      name: 'eth0',
      flags: 'BROADCAST,MULTICAST,UP,LOWER_UP',
      mtu: 1_450,
      kind: 'ether',
      mac: hardwareAddress(address),
      address,
      prefix: 24,
      broadcast: `${address.split('.').slice(0, 3).join('.')}.255`,
    },
  ];
}

export const ip = tool(
  'ip',
  {
    short: '+46brso',
    long: { brief: 'r', oneline: 'o', family: 'f:' },
    usage: 'ip [ OPTIONS ] OBJECT { COMMAND | help }',
    usageStatus: 255,
  },
  function* (self) {
    const args = self.operands;
    const [object = '', ...rest] = args;
    const all = yield* links(self.process);
    const named = rest.filter((word) => !['show', 'list', 'ls', 's', 'l', 'dev'].includes(word));
    const chosen = named.length > 0 ? all.filter((link) => named.includes(link.name)) : all;
    if (named.length > 0 && chosen.length === 0 && object !== '' && !'route'.startsWith(object)) {
      yield* self.process.error(`Device "${named[0]}" does not exist.\n`);
      return 1;
    }
    const brief = self.options.has('r') || args.includes('-br');
    if (object !== '' && 'address'.startsWith(object))
      yield* self.print(chosen.map((link) => (brief ? briefAddress(link) : address(link))).join(''));
    else if (object !== '' && 'link'.startsWith(object))
      yield* self.print(chosen.map((link) => linkText(link)).join(''));
    else if (object !== '' && 'route'.startsWith(object)) yield* self.print(routes(all.at(-1)!));
    else if (object !== '' && 'neighbor'.startsWith(object)) return 0;
    else {
      yield* self.process.error(
        object === ''
          ? 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n'
          : `Object "${object}" is unknown, try "ip help".\n`,
      );
      return object === '' ? 255 : 1;
    }
    return 0;
  },
);

const linkText = (link: Link): string =>
  `${link.index}: ${link.name}: <${link.flags}> mtu ${link.mtu} qdisc ${link.kind === 'loopback' ? 'noqueue' : 'mq'} state ${link.kind === 'loopback' ? 'UNKNOWN' : 'UP'} group default qlen 1000\n    link/${link.kind} ${link.mac} brd ${link.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'}\n`;

const address = (link: Link): string =>
  `${linkText(link)}    inet ${link.address}/${link.prefix} ${link.broadcast ? `brd ${link.broadcast} scope global` : 'scope host'} ${link.name}\n       valid_lft forever preferred_lft forever\n`;

const briefAddress = (link: Link): string =>
  `${link.name.padEnd(16)} ${(link.kind === 'loopback' ? 'UNKNOWN' : 'UP').padEnd(14)} ${link.address}/${link.prefix} \n`;

function routes(link: Link): string {
  const network = link.address.split('.').slice(0, 3).join('.');
  return `default via ${network}.1 dev ${link.name} \n${network}.0/24 dev ${link.name} proto kernel scope link src ${link.address} \n`;
}

const HOSTNAME_USAGE = `Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name

       {yp,nis,}domainname {nisdomain|-F file}  set NIS domain name (from file)
       {yp,nis,}domainname                      display NIS domain name

       dnsdomainname                            display dns domain name

       hostname -V|--version|-h|--help          print info and exit

Program name:
       {yp,nis,}domainname=hostname -y
       dnsdomainname=hostname -d

Program options:
    -a, --alias            alias names
    -A, --all-fqdns        all long host names (FQDNs)
    -b, --boot             set default hostname if none available
    -d, --domain           DNS domain name
    -f, --fqdn, --long     long host name (FQDN)
    -F, --file             read host name or NIS domain name from given file
    -i, --ip-address       addresses for the host name
    -I, --all-ip-addresses all addresses for the host
    -s, --short            short host name
    -y, --yp, --nis        NIS/YP domain name

Description:
   This command can get or set the host name or the NIS domain name. You can
   also get the DNS domain or the FQDN (fully qualified domain name).
   Unless you are using bind or NIS for host lookups you can change the
   FQDN (Fully Qualified Domain Name) and the DNS domain name (which is
   part of the FQDN) in the /etc/hosts file.
`;

export const hostname = tool(
  'hostname',
  {
    short: 'aAdfhIisy',
    long: {
      fqdn: 'f',
      long: 'f',
      short: 's',
      domain: 'd',
      'ip-address': 'i',
      'all-ip-addresses': 'I',
      help: 'h',
    },
    usage: 'hostname [-b] {hostname|-F file}',
    usageStatus: 255,
    usageText: HOSTNAME_USAGE,
  },
  function* (self) {
    if (self.has('h')) {
      yield* self.print(HOSTNAME_USAGE);
      return 255;
    }
    const own = kernelProcess(self.process);
    const [name] = self.operands;
    if (name !== undefined) {
      if (self.process.uid !== 0) {
        yield* self.complain('you must be root to change the host name');
        return self.status;
      }
      own.uts.hostname = name;
      return 0;
    }
    const all = yield* links(self.process);
    if (self.has('I')) yield* self.print(`${all.at(-1)!.address} \n`);
    else if (self.has('i')) yield* self.print(`${all.at(-1)!.address}\n`);
    else if (self.has('d')) yield* self.print('\n');
    else yield* self.print(`${self.has('s') ? own.hostname.split('.')[0] : own.hostname}\n`);
    return 0;
  },
);

export const hostnamectl = tool(
  'hostnamectl',
  { short: '', usage: 'hostnamectl [OPTIONS...] COMMAND ...' },
  function* (self) {
    const [verb = 'status', name] = self.operands;
    const own = kernelProcess(self.process);
    if ((verb === 'set-hostname' || verb === 'hostname') && name !== undefined) {
      own.uts.hostname = name;
      yield* self.process.writeFile('/etc/hostname', `${name}\n`);
      return 0;
    }
    const machine = machineOf(self.process);
    const id = machine.random.fork('machine-id').hex(32);
    yield* self.print(
      ` Static hostname: ${own.hostname}\n       Icon name: computer-vm\n         Chassis: vm\n      Machine ID: ${id}\n  Virtualization: vmware\nOperating System: Debian GNU/Linux 12 (bookworm)\n          Kernel: Linux ${KERNEL_RELEASE}\n    Architecture: x86-64\n`,
    );
    return 0;
  },
);

const SS = { short: 'tulnpaHzZ', long: { context: 'Z', contexts: 'z' }, usage: 'ss [ OPTIONS ]' };

export const ss = tool('ss', SS, function* (self) {
  if (self.has('z', 'Z')) {
    yield* self.complain('SELinux is not enabled.');
    return self.status;
  }
  const machine = machineOf(self.process);
  const { address } = machine;
  const row = (port: number) => `LISTEN 0      128          0.0.0.0:${String(port).padEnd(5)}      0.0.0.0:*   \n`;
  yield* self.print('State  Recv-Q Send-Q Local Address:Port  Peer Address:Port\n');
  if (self.has('l') || self.has('a')) yield* self.print(machine.network.ports(address).map(row).join(''));
  return 0;
});

export const uname = tool(
  'uname',
  {
    short: 'asnrvmpio',
    long: {
      all: 'a',
      'kernel-name': 's',
      nodename: 'n',
      'kernel-release': 'r',
      'kernel-version': 'v',
      machine: 'm',
      processor: 'p',
      'operating-system': 'o',
    },
    usage: 'uname [OPTION]...',
  },
  function* (self) {
    const [extra] = self.operands;
    if (extra !== undefined) return yield* self.usage(`extra operand '${extra}'`);
    yield* self.print(`${unameWords(self).join(' ')}\n`);
    return 0;
  },
);

function unameWords(self: Tool): string[] {
  const values: readonly (readonly [letter: string, word: string, inAll: boolean])[] = [
    ['s', 'Linux', true],
    ['n', kernelProcess(self.process).hostname, true],
    ['r', KERNEL_RELEASE, true],
    ['v', KERNEL_VERSION, true],
    ['m', 'x86_64', true],
    ['p', 'unknown', false],
    ['i', 'unknown', false],
    ['o', 'GNU/Linux', true],
  ];
  const chosen = values.filter(([letter, , inAll]) => self.has(letter) || (self.has('a') && inAll));
  return chosen.length > 0 ? chosen.map(([, word]) => word) : ['Linux'];
}

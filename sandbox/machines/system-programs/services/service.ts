/** service(8): the init script interface, which hands on to systemctl. */

import type { Program } from '../../process.ts';
import { machineOf } from '../kernel-access.ts';
import { systemctl } from './systemctl.ts';

export const service: Program = function* (process, argv) {
  const [name, verb] = argv.slice(1);
  if (name === '--status-all') {
    const units = machineOf(process).units.units.filter(
      (unit) => unit.definition.name.endsWith('.service') && !unit.definition.static,
    );
    const line = (active: string, unit: string) =>
      ` [ ${active === 'active' ? '+' : '-'} ]  ${unit.replace('.service', '')}\n`;
    yield* process.print(units.map((unit) => line(unit.active, unit.definition.name)).join(''));
    return 0;
  }
  if (name === undefined || verb === undefined) {
    yield* process.error('Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n');
    return 1;
  }
  if (!machineOf(process).units.find(name)) {
    yield* process.error(`${name}: unrecognized service\n`);
    return 1;
  }
  return yield* systemctl(process, ['systemctl', verb === '--full-restart' ? 'restart' : verb, name]);
};

/** `npm run fidelity`: writes into FIDELITY.md what the tables of resources, controllers, commands, programs and images say. */

import { readFileSync, writeFileSync } from 'node:fs';
import { filled } from './fidelity/sections.ts';

const FILE = new URL('../FIDELITY.md', import.meta.url);

const before = readFileSync(FILE, 'utf8');
const after = await filled(before);
if (after === before) console.log('FIDELITY.md is as the tables say.');
else {
  writeFileSync(FILE, after);
  console.log('FIDELITY.md written.');
}

/** `npm run rooms`: writes the table of rooms into ARCHITECTURE.md from scripts/walls/rooms.ts. */

import { readFileSync, writeFileSync } from 'node:fs';
import { withRooms } from './walls/rooms.ts';

const FILE = new URL('../ARCHITECTURE.md', import.meta.url);

writeFileSync(FILE, withRooms(readFileSync(FILE, 'utf8')));

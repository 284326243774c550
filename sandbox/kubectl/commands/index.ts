/** All commands, in the order in which kubectl suggests them; one file each. */

import type { Command } from '../cli/command.ts';
import { apply } from './apply.ts';
import { create } from './create.ts';
import { delete_ } from './delete.ts';
import { edit } from './edit.ts';
import { get } from './get.ts';
import { version } from './version.ts';

export const commands: readonly Command[] = [create, get, edit, delete_, apply, version];

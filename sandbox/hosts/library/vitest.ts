/** `bound/vitest`: a test of vitest with a lab of its own, closed when the test is over. */

import { test as base, type TestAPI } from 'vitest';
import { createLab } from './lab.ts';
import type { Lab, LabOptions } from './types.ts';

export interface LabFixtures {
  /** What the test's lab is made with. */
  labOptions: LabOptions;
  lab: Lab;
}

export const test: TestAPI<LabFixtures> = base.extend<LabFixtures>({
  labOptions: {},
  lab: async ({ labOptions }, use) => {
    const lab = await createLab(labOptions);
    try {
      await use(lab);
    } finally {
      await lab.close();
    }
  },
});

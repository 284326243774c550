import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['sandbox/**/*.test.ts', 'content/**/*.test.ts', 'src/**/*.test.ts', 'tests/**/*.test.ts'],
    setupFiles: ['sandbox/sim/testing-faults.ts'],
    testTimeout: 30_000,
    // Processes: several tests reckon with the processor's time and the memory that are theirs alone. Files of one process share its
    // modules, which hold no state of a world; loading them for each file took a quarter of the time.
    pool: 'forks',
    isolate: false,
    maxWorkers: '100%',
  },
});

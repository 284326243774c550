import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['sandbox/**/*.test.ts', 'content/**/*.test.ts', 'src/**/*.test.ts', 'tests/**/*.test.ts'],
    setupFiles: ['sandbox/sim/testing-faults.ts'],
    testTimeout: 30_000,
    pool: 'threads',
  },
});

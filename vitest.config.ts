import { defineConfig } from 'vitest/config';

/** unit: beside the sources. integration: on real servers (*.int.test.ts). parity: golden numbers. e2e: whole processes. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps}/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
          exclude: ['**/*.int.test.ts'],
          // Kernels are checked against plain JavaScript: on a busy machine that takes a minute.
          testTimeout: 180_000,
          hookTimeout: 90_000,
        },
      },
      {
        test: {
          name: 'integration',
          globalSetup: 'packages/testkit/src/global-setup.ts',
          include: ['{packages,apps}/*/src/**/*.int.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      { test: { name: 'parity', include: ['test/parity/**/*.test.ts'], testTimeout: 300_000 } },
      {
        test: {
          name: 'e2e',
          globalSetup: 'packages/testkit/src/global-setup.ts',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

/**
 * Helpers for testing plugins. No test runner is imported here.
 *
 * @packageDocumentation
 */
export { createTestClock, type TestClock } from './testing/clock.ts';
export { createTestKernel, fake, permitAll, type Fake, type TestKernel, type TestKernelOptions } from './testing/kernel.ts';
export { pluginChecks, type Check } from './testing/plugin-checks.ts';
export { createTestRandom } from './testing/random.ts';
export { storeChecks } from './testing/store-checks.ts';

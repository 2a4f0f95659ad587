// The rules every plugin must pass, as data for any runner.
import { isCodedError } from '../errors.ts';
import type { PluginUse } from '../plugin.ts';
import { createTestKernel, type Fake, type TestKernel, type TestKernelOptions } from './kernel.ts';

/** One rule. `run` rejects when it is broken. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

/**
 * The rules every plugin must pass.
 *
 * @example
 * for (const check of pluginChecks(recorder({ path }), [fake(storeService, store)])) it(check.name, () => check.run());
 */
export function pluginChecks(use: PluginUse, fakes: readonly Fake[] = [], options: Pick<TestKernelOptions, 'ownAudit'> = {}): readonly Check[] {
  const { plugin } = use;
  const withKernel = (name: string, run: (kernel: TestKernel) => Promise<void>): Check => ({
    name,
    async run() {
      await using kernel = await createTestKernel({ ...options, fakes });
      await run(kernel);
    },
  });
  const start = async (kernel: TestKernel) => {
    await kernel.load([use]);
    if (kernel.state(plugin.id) !== 'active') throw new Error(`${plugin.id} is ${kernel.state(plugin.id)}: ${String(kernel.problems()[0] ?? kernel.errors[0])}`);
  };
  return [
    {
      name: 'has a kebab-case id',
      async run() {
        if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(plugin.id)) throw new Error(`bad id ${plugin.id}`);
      },
    },
    withKernel('leaves nothing behind after 5 loads and unloads', async (kernel) => {
      const before = JSON.stringify(kernel.inventory());
      const timersBefore = kernel.clock.pending;
      for (let round = 0; round < 5; round++) {
        await start(kernel);
        await kernel.unload(plugin.id);
      }
      const after = JSON.stringify(kernel.inventory());
      if (after !== before) throw new Error(`registrations are left: ${before} became ${after}`);
      // The clock is the kernel's: timers are the plugin's own to stop.
      if (kernel.clock.pending > timersBefore) throw new Error(`timers are left: ${timersBefore} became ${kernel.clock.pending}`);
    }),
    withKernel('refuses an unknown configuration key and names it', async (kernel) => {
      const config = typeof use.config === 'object' && use.config !== null ? use.config : {};
      await expectCode('CONFIG_INVALID', kernel.load([{ plugin, config: { ...config, noSuchKey: true } }]));
    }),
    withKernel('waits, and starts nothing, while its needs are missing', async () => {
      if (Object.keys(plugin.needs).length === 0) return;
      await using bare = await createTestKernel({ ownAudit: true });
      await bare.load([use]);
      if (bare.state(plugin.id) !== 'waiting') throw new Error(`is ${bare.state(plugin.id)} without its needs`);
    }),
    withKernel('refuses every operation when the policy denies, before its handler runs', async (kernel) => {
      await start(kernel);
      for (const { operation, plugin: owner } of kernel.operations()) {
        if (owner !== plugin.id) continue;
        // An empty input fits few schemas; where it does not, the call must be refused as malformed, which is as good.
        kernel.denied.add(operation.action);
        const before = kernel.audited.length;
        const failure = await kernel.call(operation, {}, { kind: 'person', id: 'check' }).then(
          () => 'nothing',
          (error: unknown) => (isCodedError(error) ? error.code : String(error)),
        );
        if (failure !== 'PERMISSION_DENIED' && failure !== 'INPUT_INVALID') throw new Error(`${operation.id} answered ${failure}`);
        if (!options.ownAudit && kernel.audited.length === before) throw new Error(`${operation.id} left no audit entry`);
      }
    }),
    withKernel('names its operations noun.verb', async (kernel) => {
      await start(kernel);
      const bad = kernel.operations().find(({ operation }) => !/^[a-z-]+\.[a-z-]+$/.test(operation.id));
      if (bad) throw new Error(`bad operation id ${bad.operation.id}`);
    }),
  ];
}

async function expectCode(code: string, work: Promise<unknown>): Promise<void> {
  const failure = await work.then(
    () => 'nothing',
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );
  if (failure !== code) throw new Error(`expected ${code}, got ${failure}`);
}

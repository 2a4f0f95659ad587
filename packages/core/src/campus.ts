// A campus: the pack, the store and the plugins, composed.
import { campusService, readCampus, type CampusFacts } from './contracts/campus.ts';
import { purposes } from './contracts/permission.ts';
import { objectSchema } from './contracts/schema.ts';
import { definePlugin, type PluginUse } from './plugin.ts';
import type { Text } from './text.ts';
import type { PolicyPack } from './policy/pack.ts';
import { Kernel, type KernelOptions } from './kernel/kernel.ts';

/** A campus's configuration: what `wanglou.config.ts` exports. */
export interface CampusConfig {
  readonly name: Text;
  /** IANA zone in which times are shown; the store and the log keep UTC. */
  readonly timeZone: string;
  readonly policy: PolicyPack;
  /** Where tables live, such as `sqlite({ path: './data' })`. */
  readonly store: PluginUse;
  readonly plugins: readonly PluginUse[];
}

/** A running campus. Dispose it to stop. */
export interface Campus extends AsyncDisposable {
  readonly config: CampusConfig;
  readonly kernel: Kernel;
}

/** Gives a configuration its type, so that an editor completes and checks it. */
export function defineCampus(config: CampusConfig): CampusConfig {
  return Object.freeze(config);
}

/**
 * Starts a campus. Throws the first problem by name (missing need, cycle, failed critical plugin, pack that does not
 * fit) after undoing what had started; a failing plugin that is not critical is logged and left out.
 *
 * @example
 * await using campus = await createCampus(config);
 * await campus.kernel.call(listCameras, {}, principal);
 */
export async function createCampus(config: CampusConfig, options: Omit<KernelOptions, 'pack'> = {}): Promise<Campus> {
  const kernel = new Kernel({ ...options, pack: config.policy });
  try {
    await kernel.load([campusPlugin(config), config.store, ...config.plugins]);
    const critical = new Set(kernel.plugins().filter((plugin) => plugin.critical).map((plugin) => plugin.id));
    const problem = kernel.problems().find((error) => error.code !== 'PLUGIN_FAILED' || critical.has(String(error.params['plugin'])));
    if (problem) throw problem;
    kernel.checkPack();
  } catch (error) {
    await kernel[Symbol.asyncDispose]();
    throw error;
  }
  return { config, kernel, [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose]() };
}

/** Tells the plugins, and anybody who asks, which campus this is. */
function campusPlugin({ name, timeZone, policy }: CampusConfig): PluginUse {
  const { id, version, title, effective, units, roles, approvals } = policy;
  const facts: CampusFacts = { name, timeZone, pack: { id, version, title, effective }, units, roles, approvals, purposes };
  const plugin = definePlugin({
    id: 'campus',
    config: objectSchema({}),
    provides: [campusService],
    critical: true,
    setup(ctx) {
      ctx.provide(campusService, facts);
      ctx.handle(readCampus, () => facts);
    },
  });
  return plugin({});
}

// A campus: the pack, the store and the plugins, composed.
import { campusPlugin } from './campus-plugin.ts';
import { isCodedError, KernelError, type CodedError } from './errors.ts';
import { Kernel, type KernelOptions } from './kernel/kernel.ts';
import { parseConfig } from './kernel/lifecycle.ts';
import { needProblems } from './kernel/needs.ts';
import type { PluginUse } from './plugin.ts';
import { kernelFacts } from './policy/catalogue.ts';
import { createPolicyEngine, failedPackTests } from './policy/engine.ts';
import type { PolicyPack } from './policy/pack.ts';
import type { Text } from './text.ts';

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
 * Everything that is wrong with a configuration, without starting anything: plugin configurations, missing needs,
 * cycles, a pack that does not fit the facts. Empty when it can start.
 */
export async function checkCampus(config: CampusConfig): Promise<readonly CodedError[]> {
  const uses = allUses(config);
  const plugins = uses.map((use) => use.plugin);
  const problems: CodedError[] = needProblems(plugins).map(({ error }) => error);
  for (const use of uses) await parseConfig(use.plugin, use.config).catch((error: unknown) => problems.push(coded(error)));
  try {
    const engine = createPolicyEngine(config.policy, [...kernelFacts, ...plugins.flatMap((plugin) => plugin.facts)]);
    const failed = failedPackTests(engine)[0];
    if (failed) throw new KernelError('PACK_INVALID', { pack: `${config.policy.id}@${config.policy.version}`, issue: `its test "${failed.name}" is not decided as it says` });
  } catch (error) {
    problems.push(coded(error));
  }
  return problems;
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
  const [wrong] = await checkCampus(config);
  if (wrong) throw wrong;
  const kernel = new Kernel({ ...options, pack: config.policy });
  await kernel.load(allUses(config));
  const critical = new Set(kernel.plugins().filter((plugin) => plugin.critical).map((plugin) => plugin.id));
  const problem = kernel.problems().find((error) => critical.has(String(error.params['plugin'])));
  if (problem) {
    await kernel[Symbol.asyncDispose]();
    throw isCodedError(problem.cause) ? problem.cause : problem;
  }
  return { config, kernel, [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose]() };
}

function allUses(config: CampusConfig): readonly PluginUse[] {
  return [campusPlugin(config), config.store, ...config.plugins];
}

function coded(error: unknown): CodedError {
  if (isCodedError(error)) return error;
  throw error;
}

// What can be said about needs before anything starts: services nobody provides, and plugins that wait for one another.
import { KernelError } from '../errors.ts';
import type { Plugin } from '../plugin.ts';

/** A plugin that cannot start, and why. */
export interface NeedProblem {
  readonly plugin: Plugin<any>;
  readonly error: KernelError;
}

/** Missing services and cycles among plugins, by name; each cycle once. */
export function needProblems(plugins: readonly Plugin<any>[]): readonly NeedProblem[] {
  const providerOf = (serviceId: string) => plugins.find((plugin) => plugin.provides.some((ref) => ref.id === serviceId));
  const cycleFrom = (plugin: Plugin<any>, path: readonly Plugin<any>[]): readonly string[] | undefined => {
    const at = path.indexOf(plugin);
    if (at >= 0) return path.slice(at).map((step) => step.id);
    for (const ref of Object.values(plugin.needs)) {
      const provider = providerOf(ref.id);
      const cycle = provider && cycleFrom(provider, [...path, plugin]);
      if (cycle) return cycle;
    }
    return undefined;
  };
  const named = new Set<string>();
  const problems: NeedProblem[] = [];
  for (const plugin of plugins) {
    const cycle = cycleFrom(plugin, []);
    if (cycle?.includes(plugin.id)) {
      const key = [...cycle].sort().join();
      if (!named.has(key)) problems.push({ plugin, error: new KernelError('NEEDS_CYCLE', { cycle: [...cycle, cycle[0]].join(' → ') }) });
      named.add(key);
    }
    for (const ref of Object.values(plugin.needs)) {
      if (!providerOf(ref.id)) problems.push({ plugin, error: new KernelError('NEEDS_MISSING', { plugin: plugin.id, service: ref.id }) });
    }
  }
  return problems;
}

// Starts plugins when their needs are met and stops dependents before their providers.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Clock } from '../contracts/clock.ts';
import { KernelError } from '../errors.ts';
import { pluginApiVersion, type Plugin, type PluginContext, type PluginUse } from '../plugin.ts';
import { Scope } from '../scope.ts';
import { needProblems } from './needs.ts';
import type { Owned } from './registry.ts';

/** Where a plugin stands. */
export type PluginState = 'waiting' | 'starting' | 'active' | 'stopping' | 'failed';

/** A loaded plugin. */
export interface PluginEntry {
  readonly plugin: Plugin<any>;
  readonly config: unknown;
  state: PluginState;
  scope: Scope;
  /** Why it failed. */
  failure?: unknown;
  /** Calls its handlers are executing. */
  readonly callsInFlight: Set<Promise<unknown>>;
}

/** What the lifecycle needs from the kernel. */
export interface LifecycleHost {
  readonly clock: Clock;
  readonly services: ReadonlyMap<string, Owned<unknown>>;
  /** Longest wait for calls in flight when a plugin stops. */
  readonly drainMs: number;
  contextFor(entry: PluginEntry): PluginContext;
  report(error: unknown, pluginId: string): void;
  /** A critical plugin failed. */
  criticalFailure(entry: PluginEntry): void;
}

const defaultStartTimeoutMs = 30_000;

/** The loaded plugins. Loads and unloads are queued, so that no `setup` races another. */
export class Lifecycle {
  readonly #host: LifecycleHost;
  readonly #entries = new Map<string, PluginEntry>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(host: LifecycleHost) {
    this.#host = host;
  }

  entry(pluginId: string): PluginEntry | undefined {
    return this.#entries.get(pluginId);
  }

  entries(): readonly PluginEntry[] {
    return [...this.#entries.values()];
  }

  /** Loads plugins together; order does not matter. All configurations are checked before anything starts. */
  load(uses: readonly PluginUse[]): Promise<void> {
    return this.#exclusive(async () => {
      const fresh: PluginEntry[] = [];
      for (const { plugin, config } of uses) {
        if (this.#entries.has(plugin.id) || fresh.some((entry) => entry.plugin.id === plugin.id)) throw new KernelError('PLUGIN_DUPLICATE', { plugin: plugin.id });
        if (plugin.apiVersion !== pluginApiVersion) throw new KernelError('PLUGIN_API_VERSION', { plugin: plugin.id, made: plugin.apiVersion, core: pluginApiVersion });
        fresh.push({ plugin, config: await parseConfig(plugin, config), state: 'waiting', scope: new Scope(), callsInFlight: new Set() });
      }
      for (const entry of fresh) this.#entries.set(entry.plugin.id, entry);
      await this.#settle();
    });
  }

  unload(pluginId: string): Promise<void> {
    return this.#exclusive(async () => {
      const entry = this.#entries.get(pluginId);
      if (!entry) return;
      await this.#stop(entry);
      this.#entries.delete(pluginId);
      await this.#settle();
    });
  }

  /** Why plugins that should run do not: cycles and missing services by name, failures with their cause. */
  problems(): readonly KernelError[] {
    const failed = this.entries().filter((entry) => entry.state === 'failed');
    const plugins = this.entries().map((entry) => entry.plugin);
    const stuck = new Set(this.entries().filter((entry) => entry.state === 'waiting').map((entry) => entry.plugin));
    return [...failed.map(asStartError), ...needProblems(plugins).filter(({ plugin }) => stuck.has(plugin)).map(({ error }) => error)];
  }

  /** Starts what can run and stops what no longer can, until nothing changes. */
  async #settle(): Promise<void> {
    for (let changed = true; changed; ) {
      changed = false;
      for (const entry of this.#entries.values()) {
        const ready = Object.values(entry.plugin.needs).every((ref) => this.#host.services.has(ref.id));
        if (ready && entry.state === 'waiting') {
          await this.#start(entry);
          changed = true;
        } else if (!ready && entry.state === 'active') {
          await this.#stop(entry);
          changed = true;
        }
      }
    }
  }

  async #start(entry: PluginEntry): Promise<void> {
    const { plugin } = entry;
    entry.state = 'starting';
    entry.scope = new Scope();
    try {
      const needs = Object.fromEntries(Object.entries(plugin.needs).map(([name, ref]) => [name, this.#host.services.get(ref.id)!.value]));
      await this.#withDeadline(entry, plugin.setup(this.#host.contextFor(entry), { config: entry.config, ...needs }));
      entry.state = 'active';
    } catch (error) {
      entry.failure = error;
      this.#host.report(error, plugin.id);
      await this.#dispose(entry);
      entry.state = 'failed';
      if (plugin.critical) this.#host.criticalFailure(entry);
    }
  }

  async #withDeadline(entry: PluginEntry, setup: void | Promise<void>): Promise<void> {
    if (!(setup instanceof Promise)) return;
    const timeoutMs = entry.plugin.startTimeoutMs ?? defaultStartTimeoutMs;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = this.#host.clock.after(timeoutMs, () => reject(new KernelError('PLUGIN_START_TIMEOUT', { plugin: entry.plugin.id, seconds: timeoutMs / 1000 })));
    // A setup that loses the race may still fail later; that failure was already reported as a timeout.
    setup.catch((error: unknown) => entry.state === 'failed' && this.#host.report(error, entry.plugin.id));
    try {
      await Promise.race([setup, late]);
    } finally {
      await cancel();
    }
  }

  /** Stops dependents first, so that no plugin ever sees a service that is gone; then lets calls in flight finish. */
  async #stop(entry: PluginEntry): Promise<void> {
    if (entry.state !== 'active') return;
    entry.state = 'stopping';
    const provided = new Set([...this.#host.services].filter(([, service]) => service.owner === entry.plugin.id).map(([id]) => id));
    for (const other of this.entries().toReversed()) {
      if (Object.values(other.plugin.needs).some((ref) => provided.has(ref.id))) await this.#stop(other);
    }
    await this.#drain(entry);
    await this.#dispose(entry);
    entry.state = 'waiting';
  }

  async #drain(entry: PluginEntry): Promise<void> {
    if (entry.callsInFlight.size === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#host.clock.after(this.#host.drainMs, resolve);
    await Promise.race([Promise.allSettled(entry.callsInFlight), late]);
    await cancel();
  }

  async #dispose(entry: PluginEntry): Promise<void> {
    try {
      await entry.scope.dispose();
    } catch (error) {
      this.#host.report(error, entry.plugin.id);
    }
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(task);
    this.#queue = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  }
}

function asStartError(entry: PluginEntry): KernelError {
  if (entry.failure instanceof KernelError) return entry.failure;
  return new KernelError('PLUGIN_FAILED', { plugin: entry.plugin.id, reason: entry.failure instanceof Error ? entry.failure.message : String(entry.failure) }, { cause: entry.failure });
}

/** Checks a plugin's configuration. Throws `CONFIG_INVALID` with the key path. */
export async function parseConfig(plugin: Plugin<any>, config: unknown): Promise<unknown> {
  const schema = plugin.config as StandardSchemaV1;
  const result = await schema['~standard'].validate(config);
  if (!result.issues) return result.value;
  const issue = firstIssue(result.issues);
  throw new KernelError('CONFIG_INVALID', { plugin: plugin.id, ...issue });
}

/** The first issue with its key path, and how many more there are. */
export function firstIssue(issues: readonly StandardSchemaV1.Issue[]): { readonly path: string; readonly issue: string } {
  const [first, ...more] = issues;
  const path = (first?.path ?? []).map((key) => String(typeof key === 'object' ? key.key : key)).join('.') || '(root)';
  return { path: short(path), issue: `${short(first?.message ?? 'unknown')}${more.length > 0 ? ` (+${more.length})` : ''}` };
}

const longestIssue = 200;

/** Keys and messages can come from an attacker: what is kept of them is short and has a UTF-8 form. */
function short(text: string): string {
  return (text.length > longestIssue ? `${text.slice(0, longestIssue)}…` : text).toWellFormed();
}

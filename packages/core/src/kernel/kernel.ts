// The kernel: plugins, services, events, extension points, and the gate.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { alarmRaised } from '../contracts/alarm.ts';
import { auditService, type AuditLog } from '../contracts/audit.ts';
import { systemClock, systemRandom, type Clock, type Random } from '../contracts/clock.ts';
import { silentLogger, type Logger } from '../contracts/logger.ts';
import { factsChanged, leaseEnded, leasePaused, packChanged, packKeeperService, type PackKeeper, type Principal } from '../contracts/permission.ts';
import { KernelError } from '../errors.ts';
import type { HandledOperation, PluginContext, PluginUse } from '../plugin.ts';
import type { PolicyPack } from '../policy/pack.ts';
import type { EventRef, Operation, ServiceRef } from '../refs.ts';
import type { Disposer } from '../scope.ts';
import { EventBus } from './event-bus.ts';
import { Gate } from './gate.ts';
import type { Leases } from './leases.ts';
import { Lifecycle, type PluginEntry, type PluginState } from './lifecycle.ts';
import { Contributions, type Owned } from './registry.ts';

/** What a kernel is made of. */
export interface KernelOptions {
  /** The configured rules: in force unless a plugin keeps another, approved pack. */
  readonly pack: PolicyPack;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Logger;
  /** Longest wait for calls in flight when a plugin stops; 10,000 unless said. */
  readonly drainMs?: number;
  /** Called when a critical plugin fails to start, also when it starts again later because a need came back. */
  readonly onCriticalFailure?: (pluginId: string, cause: unknown) => void;
}

/** Registrations right now; a test compares it before and after a load and unload. */
export type Inventory = Readonly<Record<'services' | 'operations' | 'listeners' | 'contributions' | 'leases', number>>;

/** A plugin's state, for health pages. */
export interface PluginReport {
  readonly id: string;
  readonly state: PluginState;
  readonly critical: boolean;
}

/**
 * Runs plugins and guards their operations.
 *
 * @example
 * const kernel = new Kernel({ pack });
 * await kernel.load([audit(), doorbell({ chime: 'dong' })]);
 * await kernel.call(ringBell, { bell: 'gate' }, { kind: 'person', id: 'p-1' });
 */
export class Kernel {
  readonly clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #services = new Map<string, Owned<unknown>>();
  readonly #contributions = new Contributions();
  readonly #events: EventBus;
  readonly #lifecycle: Lifecycle;
  readonly #gate: Gate;

  constructor(options: KernelOptions) {
    this.clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#log = options.log ?? silentLogger;
    const report = (error: unknown, where: string) => this.#log.error({ err: error, where }, error instanceof Error ? error.message : String(error));
    this.#events = new EventBus((error, event) => report(error, `event ${event}`));
    this.#lifecycle = new Lifecycle({
      clock: this.clock,
      services: this.#services,
      drainMs: options.drainMs ?? 10_000,
      contextFor: (entry) => this.#contextFor(entry),
      report,
      criticalFailure: (entry) => options.onCriticalFailure?.(entry.plugin.id, entry.failure),
    });
    this.#gate = new Gate({
      clock: this.clock,
      random: this.#random,
      pack: () => (this.#services.get(packKeeperService.id)?.value as PackKeeper | undefined)?.inForce() ?? options.pack,
      contributions: this.#contributions,
      facts: () => this.#lifecycle.entries().flatMap(({ plugin }) => plugin.facts),
      audit: () => this.#services.get(auditService.id)?.value as AuditLog | undefined,
      owner: (pluginId) => this.#lifecycle.entry(pluginId),
      report,
      leasePaused: (lease, paused) => this.#events.emit(leasePaused, { lease: lease.id, principal: lease.principal, paused }),
      policyBroken: () => this.#events.emit(alarmRaised, { source: 'core:policy', priority: 'high', title: { zh: '规则无法判定，所有操作均被拒绝', en: 'The rules cannot be judged; every act is refused' }, cameras: [], raisedMs: this.clock.now() }),
      leaseEnded: (lease, reason) => this.#events.emit(leaseEnded, { lease: lease.id, principal: lease.principal, reason }),
    });
    this.#events.on(factsChanged, ({ principals }) => this.#gate.factsChanged(principals));
    this.#events.on(packChanged, () => {
      this.#gate.rules.changed();
      return this.#gate.factsChanged();
    });
  }

  /** Loads plugins together, in any order. Plugins whose needs are not met wait. */
  async load(uses: readonly PluginUse[]): Promise<void> {
    this.#gate.rules.changed();
    await this.#lifecycle.load(uses);
    this.#gate.rules.changed();
  }

  /** Stops a plugin, and those that need it first, and forgets it. */
  async unload(pluginId: string): Promise<void> {
    await this.#lifecycle.unload(pluginId);
    this.#gate.rules.changed();
  }

  state(pluginId: string): PluginState | undefined {
    return this.#lifecycle.entry(pluginId)?.state;
  }

  plugins(): readonly PluginReport[] {
    return this.#lifecycle.entries().map(({ plugin, state }) => ({ id: plugin.id, state, critical: plugin.critical ?? false }));
  }

  /** Why plugins that should run do not. Empty when all run. */
  problems(): readonly KernelError[] {
    return this.#lifecycle.problems();
  }

  /** The only way to an act: parse, facts, policy, audit, handler, audit. Throws {@link DeniedError} when the policy says no. */
  async call<I extends StandardSchemaV1, O>(operation: Operation<I, O>, input: StandardSchemaV1.InferInput<I>, principal: Principal, signal?: AbortSignal): Promise<O> {
    return (await this.#gate.call(operation.id, input, principal, signal && { signal })) as O;
  }

  operations(): readonly HandledOperation[] {
    return this.#gate.operations();
  }

  get leases(): Leases {
    return this.#gate.leases.view;
  }

  /** Listens from outside any plugin, for embedding applications. */
  on<T>(event: EventRef<T>, listener: (payload: T) => void | Promise<void>): Disposer {
    return this.#events.on(event, listener);
  }

  /** A provided service, for embedding applications. Services are infrastructure: they reach no footage past the gate. */
  service<T>(ref: ServiceRef<T>): T | undefined {
    return this.#services.get(ref.id)?.value as T | undefined;
  }

  inventory(): Inventory {
    return { services: this.#services.size, operations: this.#gate.size, listeners: this.#events.size, contributions: this.#contributions.size, leases: this.#gate.leases.list().length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { plugin } of this.#lifecycle.entries().toReversed()) await this.unload(plugin.id);
    this.#gate.dispose();
  }

  #contextFor(entry: PluginEntry): PluginContext {
    const { plugin, scope } = entry;
    const principal: Principal = { kind: 'plugin', id: plugin.id };
    const live = () => {
      if (scope.signal.aborted) throw new KernelError('PLUGIN_STOPPED', { plugin: plugin.id });
      return scope;
    };
    return {
      pluginId: plugin.id,
      signal: scope.signal,
      clock: this.clock,
      random: this.#random,
      log: this.#log,
      leases: this.#gate.leases.view,
      provide: (ref, service) => {
        if (!plugin.provides.some((declared) => declared.id === ref.id)) throw new KernelError('SERVICE_UNDECLARED', { plugin: plugin.id, service: ref.id });
        const existing = this.#services.get(ref.id);
        if (existing) throw new KernelError('SERVICE_DUPLICATE', { service: ref.id, owner: existing.owner });
        // Whoever keeps the pack takes it along.
        const rules = ref.id === packKeeperService.id ? () => this.#gate.rules.changed() : () => undefined;
        live().defer(() => {
          this.#services.delete(ref.id);
          rules();
        });
        this.#services.set(ref.id, { owner: plugin.id, value: service });
        rules();
      },
      contribute: (point, value) => live().defer(this.#contributions.add(point, plugin.id, value)),
      contributions: (point) => this.#contributions.values(point),
      follow: (point, added, removed) => void live().defer(this.#contributions.follow(point, added, removed)),
      on: (event, listener) => live().defer(this.#events.on(event, listener)),
      emit: (event, payload) => this.#events.emit(event, payload),
      handle: (operation, handler) => void live().defer(this.#gate.register(operation, handler, plugin.id)),
      call: async (operation, input, as) => (await this.#gate.call(operation.id, input, as?.principal ?? principal, as)) as never,
      operations: () => this.#gate.operations(),
      wouldDecide: async (operation, input, who) => {
        const parsed = await operation.input['~standard'].validate(input);
        if (parsed.issues) throw new KernelError('INPUT_INVALID', { operation: operation.id, path: '(root)', issue: parsed.issues[0]?.message });
        return this.#gate.rules.decide({ principal: who, operation: operation.id, action: operation.action, resource: operation.resource(parsed.value), atMs: this.clock.now() });
      },
      policy: {
        pack: () => this.#gate.rules.engine().pack,
        packSha256: () => this.#gate.rules.engine().packSha256,
        decide: (action, facts) => this.#gate.rules.engine().decide(action, facts),
        explain: (action, facts) => this.#gate.rules.engine().explain(action, facts),
        facts: (question) => this.#gate.rules.facts({ ...question, atMs: this.clock.now() }),
        catalogue: () => this.#gate.rules.catalogue(),
      },
      record: (fields) => this.#gate.record({ ...fields, atMs: this.clock.now() }),
      defer: (undo) => live().defer(undo),
    };
  }
}

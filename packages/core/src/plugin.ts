// How a plugin is declared, and what it may do while it runs.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Clock, Random } from './contracts/clock.ts';
import type { Logger } from './contracts/logger.ts';
import type { AuditEntry } from './contracts/audit.ts';
import type { Action, Decision, FactDeclaration, Facts, Principal, Question } from './contracts/permission.ts';
import type { Lease, LeaseOptions, Leases } from './kernel/leases.ts';
import type { Explanation } from './policy/engine.ts';
import type { PolicyPack } from './policy/pack.ts';
import type { EventRef, ExtensionPoint, Operation, RefValue, ServiceRef } from './refs.ts';
import type { Disposer } from './scope.ts';

/** Version of this contract. The kernel refuses a plugin that was made for another. */
export const pluginApiVersion = 1;

/** Services a plugin waits for, by the name it uses for them. */
export type Needs = Readonly<Record<string, ServiceRef<any>>>;
/** The services themselves. */
export type Resolved<N extends Needs> = { readonly [K in keyof N]: RefValue<N[K]> };

/** What the kernel tells a handler about the call. */
export interface Call {
  /** Joins the audit entries of this call. */
  readonly id: string;
  readonly principal: Principal;
  readonly decision: Decision;
  /** Aborted when the caller goes away or the plugin is unloaded. */
  readonly signal: AbortSignal;
  /** Opens something that outlives the call, such as a stream. Revoked by the kernel as soon as the policy says no. */
  lease(options: LeaseOptions): Lease;
  /** Adds to what the record of the outcome keeps, such as the hashes of what was copied. JSON; never a credential. */
  note(detail: Readonly<Record<string, unknown>>): void;
}

/** The rules in force, for plugins that explain them or look ahead. Deciding here opens nothing and records nothing. */
export interface PolicyView {
  /** The pack in force. */
  pack(): PolicyPack;
  packSha256(): string;
  /** Decides over given facts: "what if I had this grant?" */
  decide(action: Action, facts: Facts): Decision;
  /** Decides and says why, rule by rule. */
  explain(action: Action, facts: Facts): Explanation;
  /** The facts of a question, from all sources. */
  facts(question: Omit<Question, 'atMs'>): Promise<Facts>;
  /** Every fact that a pack may use now. */
  catalogue(): readonly FactDeclaration[];
}

/** Does the act. The kernel has parsed, decided and recorded before, and records the outcome after. */
export type Handler<I extends StandardSchemaV1, O> = (input: StandardSchemaV1.InferOutput<I>, call: Call) => O | Promise<O>;

/** A handled operation, as others may list it. */
export interface HandledOperation {
  readonly operation: Operation;
  readonly plugin: string;
}

/** What a plugin may do. All of it is undone, last first, when the plugin is unloaded. */
export interface PluginContext {
  readonly pluginId: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** The leases that handlers opened. */
  readonly leases: Leases;
  provide<T>(ref: ServiceRef<T>, service: NoInfer<T>): void;
  /** Adds to an extension point; the disposer takes it back early. */
  contribute<T>(point: ExtensionPoint<T>, value: NoInfer<T>): Disposer;
  contributions<T>(point: ExtensionPoint<T>): readonly T[];
  /** Follows an extension point: `added` is called for what is there and what comes, `removed` for what goes. */
  follow<T>(point: ExtensionPoint<T>, added: (value: T) => void, removed?: (value: T) => void): void;
  on<T>(event: EventRef<T>, listener: (payload: T) => void | Promise<void>): Disposer;
  emit<T>(event: EventRef<T>, payload: NoInfer<T>): void;
  /** Becomes the one who executes an operation. Nobody can reach the handler but through `call`. */
  handle<I extends StandardSchemaV1, O>(operation: Operation<I, O>, handler: Handler<I, NoInfer<O>>): void;
  /** Calls an operation through the gate, as this plugin or for somebody. */
  call<I extends StandardSchemaV1, O>(operation: Operation<I, O>, input: StandardSchemaV1.InferInput<I>, options?: CallAs): Promise<O>;
  /** The operations that can be called now. */
  operations(): readonly HandledOperation[];
  /** What the policy would say, without acting and without an audit entry: for `why can't I?` */
  wouldDecide(operation: Operation<any, any>, input: unknown, principal: Principal): Promise<Decision>;
  readonly policy: PolicyView;
  /** Writes an entry of the plugin's own and answers its place in the log; rejects when it could not be made durable. */
  record(entry: Omit<AuditEntry, 'atMs'>): Promise<{ readonly seq: number }>;
  /** Registers an undo step. */
  defer(undo: Disposer): Disposer;
}

/** For whom, and until when, an operation is called. */
export interface CallAs {
  readonly principal?: Principal;
  readonly signal?: AbortSignal;
  /** Told the id of the call before anything is judged, so that whoever asked can name it later, also when it is refused. */
  readonly onCall?: (call: string) => void;
}

/** What {@link definePlugin} takes. */
export interface PluginOptions<C extends StandardSchemaV1, N extends Needs> {
  /** Kebab-case, unique on the campus. */
  readonly id: string;
  /** Every key of the configuration, with its default. */
  readonly config: C;
  /** Services this plugin waits for: it runs only while all of them are provided. */
  readonly needs?: N;
  /** Services this plugin provides; declared, so that missing needs and cycles can be named before anything starts. */
  readonly provides?: readonly ServiceRef<any>[];
  /** Facts its fact sources answer with: its part of the catalogue that policy packs are checked against. */
  readonly facts?: readonly FactDeclaration[];
  /** The campus does not start, and stops, when this plugin fails. */
  readonly critical?: boolean;
  /** Longest time `setup` may take; 30,000 unless said. */
  readonly startTimeoutMs?: number;
  setup(ctx: PluginContext, args: { readonly config: StandardSchemaV1.InferOutput<C> } & Resolved<N>): void | Promise<void>;
}

/** An inert plugin. Calling it with its configuration gives what `plugins: []` of a campus takes. */
export interface Plugin<C extends StandardSchemaV1 = StandardSchemaV1> extends Omit<PluginOptions<C, Needs>, 'setup'> {
  (...config: {} extends StandardSchemaV1.InferInput<C> ? [config?: StandardSchemaV1.InferInput<C>] : [config: StandardSchemaV1.InferInput<C>]): PluginUse;
  readonly apiVersion: number;
  readonly needs: Needs;
  readonly provides: readonly ServiceRef<any>[];
  readonly facts: readonly FactDeclaration[];
  setup(ctx: PluginContext, args: any): void | Promise<void>;
}

/** A plugin with its configuration. */
export interface PluginUse {
  readonly plugin: Plugin<any>;
  readonly config: unknown;
}

/**
 * Declares a plugin.
 *
 * @example
 * export const doorbell = definePlugin({
 *   id: 'doorbell',
 *   config: z.object({ chime: z.string().default('ding') }),
 *   setup(ctx, { config }) {
 *     ctx.handle(ringBell, () => ({ sound: config.chime }));
 *   },
 * });
 * // in a campus: plugins: [doorbell({ chime: 'dong' })]
 */
export function definePlugin<C extends StandardSchemaV1, const N extends Needs = {}>(options: PluginOptions<C, N>): Plugin<C> {
  const plugin = (config?: unknown): PluginUse => Object.freeze({ plugin: plugin as unknown as Plugin<C>, config: config ?? {} });
  // A function's own `name` is read-only; `id` and the rest are plain own properties.
  return Object.freeze(Object.assign(plugin, { needs: {}, provides: [], facts: [], ...options, apiVersion: pluginApiVersion })) as unknown as Plugin<C>;
}

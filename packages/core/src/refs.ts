// Typed tokens by which plugins find one another: services, events, extension points, operations.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Action, Resource } from './contracts/permission.ts';
import type { Text } from './text.ts';

declare const type: unique symbol;

/** A typed token. Two refs of one kind with the same `id` name the same thing, also across copies of this package. */
export interface Ref<Kind extends string, T> {
  readonly kind: Kind;
  readonly id: string;
  /** Carries `T`, invariantly, for the type checker only. */
  readonly [type]?: (value: T) => T;
}

export type ServiceRef<T> = Ref<'service', T>;
export type EventRef<T> = Ref<'event', T>;
export type ExtensionPoint<T> = Ref<'extension-point', T>;
/** The type a ref carries. */
export type RefValue<R> = R extends Ref<string, infer T> ? T : never;

/**
 * Declares a service: one provider, many users.
 *
 * @example
 * export const plateReader = defineService<PlateReader>('vision.plate-reader');
 */
export function defineService<T>(id: string): ServiceRef<T> {
  return Object.freeze({ kind: 'service', id });
}

/** Declares an event: something happened; nobody answers; a failing listener hurts nobody. */
export function defineEvent<T>(id: string): EventRef<T> {
  return Object.freeze({ kind: 'event', id });
}

/** Declares an extension point: one owner, many contributions. */
export function defineExtensionPoint<T>(id: string): ExtensionPoint<T> {
  return Object.freeze({ kind: 'extension-point', id });
}

/** Something a person, or a plugin for a person, does. The kernel parses, decides and audits every call of it. */
export interface Operation<I extends StandardSchemaV1 = StandardSchemaV1, O = unknown> {
  readonly kind: 'operation';
  /** `noun.verb` */
  readonly id: string;
  readonly title: Text;
  readonly input: I;
  /** What the policy judges. There is no default: an operation without an action does not compile. */
  readonly action: Action;
  /** Articles of the regulation that this operation executes, such as `['10', '11']`. */
  readonly articles?: readonly string[];
  /** What the call touches, so that facts and grants can be looked up. */
  resource(input: StandardSchemaV1.InferOutput<I>): Resource;
  /** Largest input in bytes of JSON that a network may bring; 256 KiB unless said. Above that only somebody who has signed in is heard. */
  readonly maxInputBytes?: number;
  /** What of the input the audit entry keeps; everything when absent. Leave credentials out here. */
  audited?(input: StandardSchemaV1.InferOutput<I>): unknown;
  /**
   * `refuse` (the default): no audit entry, no act. `spool`: for what must not wait for a disk, such as the control
   * room's live view; the entry goes to a second, synced file and is taken over on recovery.
   */
  readonly whenAuditFails?: 'refuse' | 'spool';
  readonly [type]?: (value: O) => O;
}

/** What {@link defineOperation} takes. */
export type OperationOptions<I extends StandardSchemaV1> = Omit<Operation<I>, 'kind' | typeof type>;

/**
 * Declares an operation. Curried, because TypeScript cannot take the output type and infer the input type in one call.
 *
 * @example
 * export const ringBell = defineOperation<{ rung: boolean }>()({
 *   id: 'bell.ring', title: { zh: '响铃', en: 'Ring the bell' }, action: 'control',
 *   input: z.object({ bell: z.string() }), resource: () => ({}),
 * });
 */
export function defineOperation<O>() {
  return <I extends StandardSchemaV1>(options: OperationOptions<I>): Operation<I, O> => Object.freeze({ kind: 'operation' as const, ...options });
}

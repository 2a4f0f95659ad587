// The only door: parse, facts, policy, audit, handler, audit. Nobody holds a handler but this file.
import { illFormedPath } from '../canonical-json.ts';
import { createId, type Clock, type Random } from '../contracts/clock.ts';
import type { AuditEntry, AuditLog } from '../contracts/audit.ts';
import type { Decision, Facts, Principal } from '../contracts/permission.ts';
import { DeniedError, isCodedError, KernelError } from '../errors.ts';
import type { Call, CallAs, HandledOperation, Handler } from '../plugin.ts';
import { leaseEndFact } from '../policy/catalogue.ts';
import type { Operation } from '../refs.ts';
import type { Disposer } from '../scope.ts';
import { LeaseRegistry, type Lease, type LeaseEnd } from './leases.ts';
import { firstIssue, type PluginEntry } from './lifecycle.ts';
import { Rules, type RulesHost } from './rules.ts';

/** What the gate needs from the kernel. */
export interface GateHost extends RulesHost {
  readonly clock: Clock;
  readonly random: Random;
  audit(): AuditLog | undefined;
  owner(pluginId: string): PluginEntry | undefined;
  leaseEnded(lease: Lease, reason: LeaseEnd): void;
  leasePaused(lease: Lease, paused: boolean): void;
}

interface Registration {
  readonly operation: Operation<any, any>;
  readonly handler: Handler<any, any>;
  readonly owner: string;
}

interface Asked {
  readonly call: string;
  readonly input: unknown;
  readonly principal: Principal;
  readonly signal: AbortSignal | undefined;
}

/** An entry that is not durable after this is not waited for. */
const auditDeadlineMs = 10_000;
/** Leases are judged again at least this often. */
const rejudgeMs = 5000;

/** Executes operations. */
export class Gate {
  readonly leases: LeaseRegistry;
  readonly rules: Rules;
  readonly #host: GateHost;
  readonly #registrations = new Map<string, Registration>();
  readonly #openedBy = new WeakMap<Lease, Facts>();
  /** Counts changes of facts, so that a decision can be told from a stale one. */
  #factsVersion = 0;
  readonly #stopRejudging: Disposer;

  constructor(host: GateHost) {
    this.#host = host;
    this.rules = new Rules(host);
    this.leases = new LeaseRegistry(host.clock, host.random, { ended: (lease, reason) => this.#leaseEnded(lease, reason), paused: (lease, paused) => this.#leasePaused(lease, paused) });
    this.#stopRejudging = host.clock.every(rejudgeMs, () => void this.rejudge());
  }

  dispose(): void {
    void this.#stopRejudging();
  }

  register(operation: Operation<any, any>, handler: Handler<any, any>, owner: string): () => void {
    const existing = this.#registrations.get(operation.id);
    if (existing) throw new KernelError('OPERATION_DUPLICATE', { operation: operation.id, owner: existing.owner });
    this.#registrations.set(operation.id, { operation, handler, owner });
    return () => {
      this.#registrations.delete(operation.id);
      for (const lease of this.leases.list()) if (lease.operation === operation.id) this.leases.finish(lease.id, 'unloaded');
    };
  }

  operations(): readonly HandledOperation[] {
    return [...this.#registrations.values()].map(({ operation, owner }) => ({ operation, plugin: owner }));
  }

  get size(): number {
    return this.#registrations.size;
  }

  async call(operationId: string, input: unknown, principal: Principal, { signal, onCall }: Pick<CallAs, 'signal' | 'onCall'> = {}): Promise<unknown> {
    const registration = this.#registrations.get(operationId);
    if (!registration) throw new KernelError('OPERATION_UNKNOWN', { operation: operationId });
    const owner = this.#host.owner(registration.owner);
    if (owner?.state !== 'active' && owner?.state !== 'starting') throw new KernelError('PLUGIN_STOPPED', { plugin: registration.owner });
    const call = createId(this.#host.random);
    onCall?.(call);
    const work = this.#execute(registration, owner, { call, input, principal, signal });
    owner.callsInFlight.add(work);
    try {
      return await work;
    } finally {
      owner.callsInFlight.delete(work);
    }
  }

  async #execute({ operation, handler }: Registration, owner: PluginEntry, { call, input, principal, signal }: Asked): Promise<unknown> {
    const base = { call, principal, operation: operation.id, action: operation.action };
    const parsed = await parseInput(operation, input);
    if ('issue' in parsed) {
      // The input itself may hold a credential in the wrong place, so only the issue is kept.
      await this.#append({ ...base, kind: 'malformed', detail: parsed }, operation);
      throw new KernelError('INPUT_INVALID', { operation: operation.id, ...parsed });
    }
    const resource = operation.resource(parsed.value);
    const ask = (opened?: Facts) => this.rules.decide({ principal, operation: operation.id, action: operation.action, resource, atMs: this.#host.clock.now(), ...(opened && { opened }) });
    const record = (decision: Decision) => {
      const audited: unknown = operation.audited ? operation.audited(parsed.value) : parsed.value;
      return this.#append({ ...base, kind: 'decision', resource, input: audited, decision: forRecord(decision) }, operation);
    };
    const decision = await this.#decideAndRecord(ask, record);
    if (owner.scope.signal.aborted) throw new KernelError('PLUGIN_STOPPED', { plugin: owner.plugin.id });

    const decidedAt = this.#factsVersion;
    const opened: Lease[] = [];
    const noted: Record<string, unknown> = {};
    const context: Call = {
      id: call,
      principal,
      decision,
      signal: signal ? AbortSignal.any([signal, owner.scope.signal]) : owner.scope.signal,
      lease: (options) => {
        // A handler that outlives its plugin opens nothing: nobody would judge the lease any more.
        if (owner.scope.signal.aborted) throw new KernelError('PLUGIN_STOPPED', { plugin: owner.plugin.id });
        const rightEndsMs = decision.facts[leaseEndFact];
        const endsMs = Math.min(options.endsMs ?? Number.MAX_SAFE_INTEGER, typeof rightEndsMs === 'number' ? rightEndsMs : Number.MAX_SAFE_INTEGER);
        const lease = this.leases.open({ call, operation: operation.id, principal, resource }, { ...options, endsMs });
        this.#openedBy.set(lease, decision.facts);
        opened.push(lease);
        return lease;
      },
      note: (detail) => void Object.assign(noted, detail),
    };
    try {
      const output = await handler(parsed.value, context);
      // Facts that changed while the handler worked found no lease to judge. Nobody knows its id yet, so this is in time.
      if (opened.length > 0 && this.#factsVersion !== decidedAt) await this.#decideAndRecord(() => ask(decision.facts), record);
      await this.#appendOutcome({ ...base, kind: 'outcome', outcome: 'done', ...detailOf({ ...noted, ...(opened.length > 0 && { leases: opened.map((lease) => ({ id: lease.id, expiresMs: lease.expiresMs })) }) }) });
      return output;
    } catch (error) {
      for (const lease of opened) this.leases.finish(lease.id, 'released');
      await this.#appendOutcome({ ...base, kind: 'outcome', outcome: 'failed', detail: { ...noted, code: isCodedError(error) ? error.code : 'UNEXPECTED' } });
      throw error;
    }
  }

  /** Decides, and records the decision; decides anew when facts changed while it was written. Throws {@link DeniedError}. */
  async #decideAndRecord(ask: () => Promise<Decision>, record: (decision: Decision) => Promise<void>): Promise<Decision> {
    // On a campus where facts change all the time, the last of a few decisions is as fresh as any.
    for (let tries = 1; ; tries++) {
      const version = this.#factsVersion;
      const decision = await ask();
      await record(decision);
      if (decision.effect === 'deny') throw new DeniedError(decision);
      if (version === this.#factsVersion || tries === 5) return decision;
    }
  }

  /** Facts changed: open leases are judged at once, and decisions that are on their way are made anew. */
  factsChanged(principals?: readonly string[]): Promise<void> {
    this.#factsVersion++;
    return this.rejudge(principals);
  }

  /** Judges open leases again and ends those that the policy no longer permits. */
  async rejudge(principals?: readonly string[]): Promise<void> {
    const leases = this.leases.list().filter((lease) => !principals || principals.includes(lease.principal.id));
    await Promise.all(
      leases.map(async (lease) => {
        const operation = this.#registrations.get(lease.operation)?.operation;
        if (!operation) {
          this.leases.finish(lease.id, 'unloaded');
          return;
        }
        const decision = await this.rules.decide({ principal: lease.principal, operation: operation.id, action: operation.action, resource: lease.resource, atMs: this.#host.clock.now(), opened: this.#openedBy.get(lease) ?? {} });
        if (decision.effect === 'permit') this.leases.pause(lease.id, false);
        else if (lacksPresenceAlone(decision)) this.leases.pause(lease.id, true);
        else this.leases.finish(lease.id, 'revoked');
      }),
    );
  }

  /** Writes an entry; rejects when it is not durable in time. A log that hangs must not make the control room hang with it. */
  async record(entry: AuditEntry): Promise<{ readonly seq: number }> {
    const log = this.#host.audit();
    if (!log) throw new Error('no plugin provides the audit log');
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = this.#host.clock.after(auditDeadlineMs, () => reject(new KernelError('AUDIT_TIMEOUT', { seconds: auditDeadlineMs / 1000 })));
    try {
      return await Promise.race([log.append(entry), late]);
    } finally {
      void cancel();
    }
  }

  async #append(entry: Omit<AuditEntry, 'atMs'>, operation: Operation<any, any>): Promise<void> {
    const full: AuditEntry = { ...entry, atMs: this.#host.clock.now() };
    try {
      await this.record(full);
    } catch (cause) {
      const log = this.#host.audit();
      if (operation.whenAuditFails !== 'spool' || !log) throw new KernelError('AUDIT_UNAVAILABLE', { operation: operation.id }, { cause });
      this.#host.report(cause, 'audit');
      try {
        await log.spool(full);
      } catch (spoolCause) {
        throw new KernelError('AUDIT_UNAVAILABLE', { operation: operation.id }, { cause: spoolCause });
      }
    }
  }

  /** The act has happened: the caller must learn its result, so a failing end record is reported, and spooled. A decision without an outcome is itself evidence. */
  async #appendOutcome(entry: Omit<AuditEntry, 'atMs'>): Promise<void> {
    const full: AuditEntry = { ...entry, atMs: this.#host.clock.now() };
    try {
      await this.record(full);
    } catch (error) {
      this.#host.report(error, 'audit');
      await this.#host.audit()?.spool(full).catch((spoolError: unknown) => this.#host.report(spoolError, 'audit'));
    }
  }

  #leasePaused(lease: Lease, paused: boolean): void {
    this.#host.leasePaused(lease, paused);
    void this.#appendOutcome({ kind: 'lease', call: lease.call, principal: lease.principal, operation: lease.operation, resource: lease.resource, outcome: paused ? 'paused' : 'resumed', detail: { lease: lease.id } });
  }

  #leaseEnded(lease: Lease, reason: LeaseEnd): void {
    this.#host.leaseEnded(lease, reason);
    void this.#appendOutcome({ kind: 'lease', call: lease.call, principal: lease.principal, operation: lease.operation, resource: lease.resource, outcome: reason, detail: { lease: lease.id } });
  }
}

/** The audit entry keeps rules and articles; the words of the denials are in the pack, whose hash is kept. */
function forRecord(decision: Decision): NonNullable<AuditEntry['decision']> {
  return { ...decision, denials: decision.denials.map(({ rule, article }) => ({ rule, article })), facts: knownOnly(decision.facts) };
}

/** Somebody left the room and may come back: that pauses, where everything else would end. */
function lacksPresenceAlone({ denials }: Decision): boolean {
  return denials.every(({ missing }) => missing.length > 0 && missing.every(({ kind }) => kind === 'presence'));
}

function detailOf(detail: Readonly<Record<string, unknown>>): Pick<AuditEntry, 'detail'> {
  return Object.keys(detail).length > 0 ? { detail } : {};
}

/** Without those that are not known: a record is JSON. */
function knownOnly(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** Parses an input; answers the value, or the first issue. */
async function parseInput(operation: Operation<any, any>, input: unknown): Promise<{ readonly value: any } | { readonly path: string; readonly issue: string }> {
  // A text without a UTF-8 form could be neither recorded nor hashed.
  const illFormed = illFormedPath(input);
  if (illFormed !== undefined) return firstIssue([{ path: [illFormed], message: 'a text holds half of a surrogate pair' }]);
  const parsed = await operation.input['~standard'].validate(input);
  return parsed.issues ? firstIssue(parsed.issues) : { value: parsed.value };
}

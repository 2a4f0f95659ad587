// Who asks, what for, and what the policy answers. Articles 8 to 14.
import { defineEvent, defineExtensionPoint, defineService } from '../refs.ts';
import type { Text } from '../text.ts';

/** What the policy knows people do. Footage is reached by `live`, `playback` and `copy` alone. */
export type Action =
  | 'live'
  | 'playback'
  | 'copy'
  | 'control'
  | 'configure'
  | 'maintain'
  | 'review'
  | 'audit'
  /** Read plans, states and own records; never footage. */
  | 'view'
  /** Ask for permission, for oneself. */
  | 'request'
  /** Sign on to duty and off, and act in the role of the shift. */
  | 'duty'
  /** Prove who one is. */
  | 'sign-in';

/** All actions, for packs and their checks. */
export const actions: readonly Action[] = ['live', 'playback', 'copy', 'control', 'configure', 'maintain', 'review', 'audit', 'view', 'request', 'duty', 'sign-in'];

/** Who acts: a person in a session, a plugin, the system, or somebody who has not signed in. */
export interface Principal {
  readonly kind: 'person' | 'plugin' | 'system' | 'anonymous';
  /** Person id, plugin id, or a free word for `system` and `anonymous`. */
  readonly id: string;
  /** The session, for a person who signed in. Not a credential: it does not open the session. */
  readonly session?: string;
  /** Network address the act came from, as the server saw it. */
  readonly address?: string;
}

/** A stretch of time, `[fromMs, toMs)`, UTC epoch milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a call touches. */
export interface Resource {
  readonly cameras?: readonly string[];
  /** The footage's time, for playback and copy. */
  readonly range?: TimeRange;
  /** Where a copy goes, in the words of the person who makes it. A grant for a copy covers its own destination alone. Article 11. */
  readonly destination?: string;
  /** Id of the request, person or other record that is touched. */
  readonly subject?: string;
}

/** What the gate asks fact sources and the policy. */
export interface Question {
  readonly principal: Principal;
  readonly operation: string;
  readonly action: Action;
  readonly resource: Resource;
  readonly atMs: number;
}

/** A fact's value. Sets are arrays of strings. */
export type FactValue = boolean | number | string | readonly string[];
/** Facts by their path, such as `actor.onDuty`. A path that is absent is unknown, and what is unknown opens nothing. */
export type Facts = Readonly<Record<string, FactValue>>;

/** Declares a fact in the catalogue. A pack that uses an undeclared fact is refused whole. */
export interface FactDeclaration {
  readonly path: string;
  readonly type: 'boolean' | 'integer' | 'string' | 'strings';
  /** The closed list of values of a `string` or `strings` fact, where there is one. */
  readonly values?: readonly string[];
  readonly text: Text;
}

/** Knows some facts; the plugin declares which in its `facts`. */
export interface FactSource {
  readonly id: string;
  /** Answers from memory or an indexed look-up: it is asked for every act and every lease check. */
  read(question: Question): Facts | Promise<Facts>;
}

/** Where plugins contribute facts. */
export const factSources = defineExtensionPoint<FactSource>('policy.fact-sources');

/** Facts changed: leases are judged again at once. `principals` narrows it to some person ids. */
export const factsChanged = defineEvent<{ readonly principals?: readonly string[] }>('policy.facts-changed');

/** Something that is missing for a permit: the raw material of a request form. */
export type Missing =
  | { readonly kind: 'approval'; readonly unit: string }
  | { readonly kind: 'companion'; readonly count: number }
  | { readonly kind: 'document'; readonly document: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'duty' | 'training' | 'workstation' | 'work-order' | 'registration' | 'sign-in' };

/** One reason for a refusal. All reasons are given, not the first. */
export interface Denial {
  readonly rule: string;
  /** Number of the article, such as `10` or `13(1)`. */
  readonly article: string;
  readonly text: Text;
  readonly missing: readonly Missing[];
}

/** What the policy answered, with everything that decided it. */
export interface Decision {
  readonly effect: 'permit' | 'deny';
  /** Rules that permit. */
  readonly permits: readonly string[];
  readonly denials: readonly Denial[];
  /** Articles that permitted or denied, without repetition. */
  readonly articles: readonly string[];
  /** `id@version` of the pack in force. */
  readonly pack: string;
  /** SHA-256 of the pack's canonical JSON, in hex. */
  readonly packSha256: string;
  readonly facts: Facts;
}

/** A person as others may see them. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly roles: readonly string[];
  /** `staff` of the campus's security; `outside` staff of other bodies; `individual`: article 14. */
  readonly standing: 'staff' | 'outside' | 'individual';
}

/** What is asked for in a request, and given by a grant: cameras × range × actions × purpose. */
export interface GrantScope {
  readonly cameras: readonly string[];
  readonly range: TimeRange;
  readonly actions: readonly Action[];
  /** One of the closed list of purposes. */
  readonly purpose: Purpose;
}

/** Why footage is wanted. A grant names its purpose, and the register keeps it. */
export type Purpose = 'case' | 'incident' | 'safety' | 'equipment' | 'training' | 'complaint';

/** The closed list of purposes, in both languages. */
export const purposes: Readonly<Record<Purpose, Text>> = {
  case: { zh: '案件侦办', en: 'Criminal case' },
  incident: { zh: '校园事件', en: 'Campus incident' },
  safety: { zh: '安全隐患', en: 'Safety hazard' },
  equipment: { zh: '设备检修', en: 'Equipment check' },
  training: { zh: '培训演练', en: 'Training and drill' },
  complaint: { zh: '投诉核查', en: 'Complaint' },
};

/** One unit's judgement of a request. */
export interface Review {
  readonly reviewer: string;
  readonly unit: string;
  readonly verdict: 'approve' | 'deny';
  readonly reason: string;
  readonly atMs: number;
}

/** Somebody asks for footage. Articles 10 and 13. */
export interface AccessRequest {
  readonly id: string;
  readonly requester: string;
  readonly scope: GrantScope;
  /** In the requester's words. */
  readonly reason: string;
  readonly caseNumber?: string;
  /** Where a copy goes; required when `copy` is asked. Article 11. */
  readonly destination?: string;
  readonly state: 'submitted' | 'approved' | 'denied' | 'withdrawn' | 'expired';
  /** Units whose approval is needed, in order. */
  readonly needs: readonly string[];
  readonly reviews: readonly Review[];
  readonly createdMs: number;
  /** SHA-256 over what was asked; approvals are bound to it. */
  readonly sha256: string;
  readonly grant?: string;
}

/** The right that results from approvals. */
export interface Grant {
  readonly id: string;
  readonly request: string;
  readonly holder: string;
  readonly scope: GrantScope;
  /** Units that approved. */
  readonly approvals: readonly string[];
  readonly destination?: string;
  readonly startsMs: number;
  readonly endsMs: number;
  readonly revokedMs?: number;
  readonly revokedBy?: string;
}

/** Turns a session credential into a principal. Provided by the plugin that owns sign-in. */
export interface Sessions {
  /** `undefined` when the credential opens nothing (unknown, ended, expired). */
  resolve(credential: string, address: string): Promise<{ readonly principal: Principal; readonly person: Person } | undefined>;
  /** Whether the principal's session goes on; does not count as using it. */
  isOpen(principal: Principal): boolean;
}

/** The campus's sessions. */
export const sessionsService = defineService<Sessions>('sessions');

/** A request was made or changed. */
export const requestChanged = defineEvent<AccessRequest>('access.request-changed');
/** A grant was made or revoked. One that ends by the clock emits nothing: compare its `endsMs` with the time. */
export const grantChanged = defineEvent<Grant>('access.grant-changed');
/** A lease is over: whoever plays under it must stop. */
export const leaseEnded = defineEvent<{ readonly lease: string; readonly principal: Principal; readonly reason: string }>('lease.ended');

// Who asks, what for, and what the policy answers. Articles 8 to 14.
import { defineEvent, defineExtensionPoint, defineService } from '../refs.ts';
import type { PolicyPack } from '../policy/pack.ts';
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
  | 'sign-in'
  /** Take footage at once and answer for it afterwards; only where the pack switches it on. */
  | 'emergency'
  /** Keep footage beyond its retention, and ask that it be let go. Article 12(3). */
  | 'hold'
  /** Remove footage. Nobody's operation: what sweeps by retention asks the policy with it. Article 12(2), 12(3). */
  | 'erase';

/** All actions, for packs and their checks. */
export const actions: readonly Action[] = ['live', 'playback', 'copy', 'control', 'configure', 'maintain', 'review', 'audit', 'view', 'request', 'duty', 'sign-in', 'emergency', 'hold', 'erase'];

/** Who acts: a person in a session, a plugin, the system, or somebody who has not signed in. */
export interface Principal {
  readonly kind: 'person' | 'plugin' | 'system' | 'anonymous';
  /** Person id, plugin id, or a free word for `system` and `anonymous`. */
  readonly id: string;
  /** The session, for a person who signed in. Not a credential: it does not open the session. */
  readonly session?: string;
  /** Network address the act came from, as the server saw it. */
  readonly address?: string;
  /** SHA-256 of the TLS client certificate in hex, as a trusted proxy showed it. Article 9(4). */
  readonly certificateSha256?: string;
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
  /** The record that is touched, as `<kind>:<id>`, such as `request:gT3m…`. The policy sees the kind as the fact `subject.kind`. */
  readonly subject?: string;
}

/** What the gate asks fact sources and the policy. */
export interface Question {
  readonly principal: Principal;
  readonly operation: string;
  readonly action: Action;
  readonly resource: Resource;
  readonly atMs: number;
  /** Where an open lease is judged anew: the facts by which it was opened. A right whose time would begin with an act must not take the place of that one. */
  readonly opened?: Facts;
}

/** A fact's value. Sets are arrays of strings. */
export type FactValue = boolean | number | string | readonly string[];
/** Facts by their path, such as `actor.onDuty`. A path that is absent or undefined is unknown, and what is unknown opens nothing. */
export type Facts = Readonly<Record<string, FactValue | undefined>>;

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

/** Knows who proposed records of one kind, where carrying them out takes a second person. */
export interface Proposers {
  /** As in `<kind>:<id>` of {@link Resource.subject}. */
  readonly kind: string;
  /** Person id; `undefined` where nothing is proposed. Answers from memory. */
  proposedBy(id: string): string | undefined;
}

/** Where plugins say who proposed what: the fact `proposal.own` comes from it, also for whoever borrows the proposer's role. */
export const proposers = defineExtensionPoint<Proposers>('permission.proposers');

/** Facts changed: leases are judged again at once. `principals` narrows it to some person ids. */
export const factsChanged = defineEvent<{ readonly principals?: readonly string[] }>('policy.facts-changed');

/** Something that is missing for a permit: the raw material of a request form. */
export type Missing =
  | { readonly kind: 'approval'; readonly unit: string }
  | { readonly kind: 'companion'; readonly count: number }
  | { readonly kind: 'document'; readonly document: string }
  | { readonly kind: 'role'; readonly role: string }
  /** Persons of an outside visit who must confirm that they are here. What plays pauses and goes on; nothing has to be asked anew. */
  | { readonly kind: 'presence'; readonly count: number }
  | { readonly kind: 'duty' | 'training' | 'workstation' | 'work-order' | 'registration' | 'sign-in' | 'step-up' | 'review' | 'second-person' };

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

/** One person's judgement of a request, for a unit. */
export interface Review {
  readonly reviewer: string;
  readonly unit: string;
  readonly verdict: 'approve' | 'deny';
  readonly reason: string;
  readonly atMs: number;
  /** The person whose power was used, where the reviewer judged by delegation. */
  readonly onBehalfOf?: string;
}

/** A unit that must approve, and how many of its people. Units are asked in the order of the pack. */
export interface ApprovalStep {
  readonly unit: string;
  /** Persons of the unit who must approve; 1 unless said. */
  readonly count?: number;
}

/** A paper that was shown: its scan is kept encrypted, its hash stands in the log. Article 13(2) and 13(3). */
export interface DocumentRef {
  readonly id: string;
  readonly kind: 'work-id' | 'certificate' | 'case-letter' | 'other';
  /** SHA-256 of the scan in hex. */
  readonly sha256: string;
}

/** One person of an outside visit. The number of the work ID is nowhere kept: its kind, its last four, and a salted hash are. */
export interface Visitor {
  /** `v1`, `v2`, …: within the visit. */
  readonly id: string;
  readonly name: string;
  readonly idKind: 'police' | 'state-security' | 'work' | 'citizen';
  readonly idLast4: string;
}

/** An outside visit. Article 13. */
export interface Visit {
  /** Whom the visitors work for. */
  readonly organisation: string;
  /** `police` and `state-security` need no certificate when they name a case. */
  readonly body: 'department' | 'police' | 'state-security';
  readonly visitors: readonly Visitor[];
  readonly documents: readonly DocumentRef[];
  /** They accepted the terms of use and confidentiality. */
  readonly termsAccepted: boolean;
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
  /** People of the campus who will be there as well; none of them may approve. */
  readonly companions: readonly string[];
  /** The requester is the person concerned, a near relative or guardian (order 799, article 21); reviewers check it. */
  readonly concerned?: boolean;
  readonly visit?: Visit;
  readonly state: 'submitted' | 'approved' | 'denied' | 'withdrawn' | 'expired';
  /** Units whose approval is needed, in order. */
  readonly needs: readonly ApprovalStep[];
  /** Judgements of the content as it is; a change of the content voids them. */
  readonly reviews: readonly Review[];
  readonly createdMs: number;
  /** Counts changes; every step compares it, so that two at the same moment are safe. */
  readonly version: number;
  /** SHA-256 over what is asked; approvals are bound to it. */
  readonly sha256: string;
  /** When it expires unanswered. */
  readonly expiresMs: number;
  /** How often the units were reminded. */
  readonly reminders: number;
  readonly grant?: string;
  /** The grant that this request asks to go on. */
  readonly extends?: string;
  /** The call that made it, by which the audit log knows it. */
  readonly call?: string;
}

/** The right that results from approvals. Its state is computed from the clock. */
export interface Grant {
  readonly id: string;
  /** Absent for emergency access, which nobody approved. */
  readonly request?: string;
  readonly holder: string;
  readonly scope: GrantScope;
  /** Units that approved. */
  readonly approvals: readonly string[];
  readonly destination?: string;
  readonly startsMs: number;
  /** First clock, time to use: a grant that was not begun by then has expired. */
  readonly beginByMs: number;
  /** Second clock, time in use: counts from the first use. */
  readonly useMs: number;
  /** When it was first used. */
  readonly begunMs?: number;
  /** When it is over as things stand: `begunMs + useMs`, or `beginByMs` while it has not begun. */
  readonly endsMs: number;
  /** When the holder gave it back, or it was found to be over. It stays over, whatever the clock says. */
  readonly endedMs?: number;
  readonly revokedMs?: number;
  readonly revokedBy?: string;
  readonly extends?: string;
  /** It was taken in an emergency and is answered for afterwards. */
  readonly emergency?: Emergency;
}

/** What stands of a grant that was taken in an emergency. */
export interface Emergency {
  readonly kind: string;
  readonly reason: string;
  /** By then it must be reviewed, or the account is suspended. */
  readonly reviewByMs: number;
  /** Different persons who must review it. */
  readonly reviewers: number;
  readonly reviews: readonly EmergencyReview[];
}

/** One person's judgement of an emergency. */
export interface EmergencyReview extends Omit<Review, 'unit' | 'verdict'> {
  readonly verdict: 'upheld' | 'violated';
}

/** Turns a session credential into a principal. Provided by the plugin that owns sign-in. */
export interface Sessions {
  /** `undefined` when the credential opens nothing (unknown, ended, expired). `mustChangePassword`: only acts of sign-in are possible before. */
  resolve(credential: string, address: string, certificateSha256?: string): Promise<{ readonly principal: Principal; readonly person: Person; readonly mustChangePassword: boolean } | undefined>;
  /** Whether the principal's session goes on; does not count as using it. */
  isOpen(principal: Principal): boolean;
}

/** Keeps the pack that was approved, which may be another than the configuration's. Provided by the plugin that owns approvals. */
export interface PackKeeper {
  /** `undefined`: the configured pack is in force. */
  inForce(): PolicyPack | undefined;
}

/** The keeper of the pack in force. */
export const packKeeperService = defineService<PackKeeper>('policy.pack-keeper');

/** Another pack came into force: everything is judged anew. */
export const packChanged = defineEvent<{ readonly packSha256: string }>('policy.pack-changed');

/** The campus's sessions. */
export const sessionsService = defineService<Sessions>('sessions');

/** A request was made or changed. */
export const requestChanged = defineEvent<AccessRequest>('access.request-changed');
/** A grant was made or revoked. One that ends by the clock emits nothing: compare its `endsMs` with the time. */
export const grantChanged = defineEvent<Grant>('access.grant-changed');
/** Emergency access was taken: the units above are told at once. */
export const emergencyBegun = defineEvent<Grant>('access.emergency-begun');
/** A request waits too long. */
export const requestReminder = defineEvent<AccessRequest>('access.request-reminder');
/** Who of an outside visit is here has changed. */
export const presenceChanged = defineEvent<{ readonly request: string; readonly holder: string; readonly present: readonly string[] }>('access.presence-changed');
/** A lease pauses for want of presence, or goes on. */
export const leasePaused = defineEvent<{ readonly lease: string; readonly principal: Principal; readonly paused: boolean }>('lease.paused');
/** A lease is over: whoever plays under it must stop. */
export const leaseEnded = defineEvent<{ readonly lease: string; readonly principal: Principal; readonly reason: string }>('lease.ended');

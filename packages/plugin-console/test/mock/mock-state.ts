// The state of one mock server: who is signed in, what was asked, what is open.
import type { ServerResponse } from 'node:http';
import type { AccessRequest, Alarm, Archive, Denial, Grant, Hold, Person } from '@wanglou/core';
import type { PackProposal } from '@wanglou/plugin-access/contract';
import { denials, gapsOf, people } from './mock-data.ts';
import type { RealAudit } from '../real-audit.ts';
import type { MockMedia } from './mock-media.ts';
import { grantWith, sampleRequests } from './mock-requests.ts';
import { sampleArchives } from './sample-archives.ts';
import { sampleHolds } from './sample-holds.ts';

/** A denial, as the server would answer it. */
export class Refused extends Error {
  readonly denials: readonly Denial[];
  readonly next: unknown;
  constructor(reasons: readonly Denial[], next?: unknown) {
    super('denied');
    this.denials = reasons;
    this.next = next;
  }
}

/** A failure with a code, as the server would answer it. */
export class CodedAnswer extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: { readonly zh: string; readonly en: string };
  constructor(status: number, code: string, zh: string, en: string) {
    super(code);
    this.status = status;
    this.code = code;
    this.text = { zh, en };
  }
}

interface Lease {
  readonly kind: 'live' | 'playback';
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly grant?: string;
}

/** State of one mock server: one person at a time. */
export class Mock {
  person: Person | undefined;
  onDuty = false;
  readonly mode: string;
  /** Where the built page lies. */
  readonly site: URL;
  readonly leases = new Map<string, Lease>();
  readonly readers = new Set<ServerResponse>();
  readonly media: MockMedia | undefined;
  requests: AccessRequest[];
  grants: Grant[];
  proposals: PackProposal[] = [];
  holds: Hold[] = sampleHolds(Date.now());
  /** None unless a test wants some: an open one stands over every page. */
  alarms: Alarm[] = [];
  archives: Archive[] = sampleArchives(Date.now());
  /** The recorder does not believe its clock. */
  clockAhead = false;
  /** Visitors who said that they are here. */
  readonly present = new Set<string>();
  changedPassword = false;
  /** How the audit log stands. */
  auditState: 'good' | 'late' | 'broken' = 'good';
  /** A real audit log, which then answers in place of the sample data. */
  audit: RealAudit | undefined;
  /** What answers name as their call. */
  call = 'call-4197';
  /** When the person last proved who they are; `MOCK=step-up` begins without. */
  provenMs = 0;
  #counter = 10;

  constructor(media: MockMedia | undefined, mode: string, site: URL) {
    this.site = site;
    this.media = media;
    this.mode = mode;
    ({ requests: this.requests, grants: this.grants } = mode === 'empty' ? { requests: [], grants: [] } : sampleRequests(Date.now()));
  }

  /** As it was at the start, with nobody signed in. */
  reset(): void {
    ({ requests: this.requests, grants: this.grants } = sampleRequests(Date.now()));
    this.person = undefined;
    this.onDuty = false;
    this.proposals = [];
    this.holds = sampleHolds(Date.now());
    this.alarms = [];
    this.archives = sampleArchives(Date.now());
    this.clockAhead = false;
    this.present.clear();
    this.changedPassword = false;
    this.auditState = 'good';
    this.leases.clear();
  }

  /** Opens the session of an account, as a browser that has its cookie would find it. */
  signIn(account: string): void {
    this.person = people.find(({ id }) => id === account);
  }

  id(): string {
    return `m${this.#counter++}`;
  }

  send(name: string, data: unknown): void {
    for (const reader of this.readers) reader.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  cut(grant: string): void {
    for (const [lease, { grant: owner }] of this.leases) {
      if (owner !== grant) continue;
      this.leases.delete(lease);
      this.send('lease', { lease, reason: 'revoked' });
    }
  }

  live({ camera }: { camera: string }) {
    const ask = { operation: 'request.submit', input: { cameras: [camera], fromMs: Date.now(), toMs: Date.now() + 3_600_000, actions: ['live'] } };
    if (this.person?.standing === 'individual') throw new Refused(denials.individual);
    if (!this.person?.roles.includes('operator')) throw new Refused(denials.office, ask);
    if (!this.onDuty) throw new Refused(denials.live, { operation: 'duty.begin', input: {} });
    return this.lease({ kind: 'live', camera, fromMs: 0, toMs: 0 }, Date.now() + 3_600_000);
  }

  playback({ camera, fromMs, toMs }: { camera: string; fromMs: number; toMs: number }) {
    const grant = this.grants.find((candidate) => candidate.holder === this.person?.id && candidate.revokedMs === undefined && candidate.scope.cameras.includes(camera) && candidate.scope.range.fromMs <= fromMs && candidate.scope.range.toMs >= toMs && candidate.endsMs > Date.now());
    if (!grant) throw new Refused(denials.playback, { operation: 'request.submit', input: { cameras: [camera], fromMs, toMs, actions: ['playback'] } });
    if (grant.request === 'r5' && this.present.size < 2) throw new Refused([{ rule: 'a13.1-present', article: '13(1)', text: { zh: '来访人员须全部在场', en: 'All visitors must be present' }, missing: [{ kind: 'presence', count: 2 - this.present.size }] }]);
    return { ...this.lease({ kind: 'playback', camera, fromMs, toMs, grant: grant.id }, grant.endsMs), gaps: gapsOf(camera, Date.now()) };
  }

  lease(lease: Lease, expiresMs: number) {
    const id = this.id();
    this.leases.set(id, lease);
    return { lease: id, path: 'index.m3u8', expiresMs };
  }

  judge(id: string, verdict: 'approve' | 'deny', minutes: number, reason: string) {
    const request = this.requests.find((candidate) => candidate.id === id)!;
    if (this.mode === 'step-up' && this.provenMs === 0) throw new Refused([{ rule: 'a9-step-up', article: '9', text: { zh: '审批前须再次验证身份', en: 'A review needs a fresh proof of who you are' }, missing: [{ kind: 'step-up' }] }]);
    const unit = request.needs.find((step) => !request.reviews.some((review) => review.unit === step.unit))?.unit ?? '';
    const reviews = [...request.reviews, { reviewer: this.person!.id, unit, verdict, reason, atMs: Date.now() }];
    const done = verdict === 'approve' && request.needs.every((step) => reviews.some((review) => review.unit === step.unit));
    const grant: Grant | undefined = done ? grantWith({ id: this.id(), request: id, holder: request.requester, scope: request.scope, approvals: request.needs.map((step) => step.unit), startsMs: Date.now(), useMs: minutes * 60_000 }) : undefined;
    const updated: AccessRequest = { ...request, reviews, state: verdict === 'deny' ? 'denied' : done ? 'approved' : 'submitted', ...(grant && { grant: grant.id }) };
    this.requests = this.requests.map((candidate) => (candidate.id === id ? updated : candidate));
    if (grant) this.grants.push(grant);
    this.send('request', updated);
    return { request: updated, ...(grant && { grant }) };
  }
}

// The rules themselves: why one may not, who may, and how another pack comes into force. Articles 8, 30 and 31.
import { defineOperation, type Action, type Decision, type Missing, type Person, type RuleTrace, type Text } from '@wanglou/core';
import { z } from 'zod';
import { footageAction, id, nothing, sha256, words } from './common.ts';

/** A decision taken apart. Nothing was done, and nothing was recorded of the act itself. */
export interface PolicyTrace {
  readonly operation: string;
  readonly action: Action;
  readonly decision: Decision;
  readonly rules: readonly RuleTrace[];
  /** Names of the facts that the rules looked at. */
  readonly facts: readonly { readonly path: string; readonly text: Text }[];
}

const question = { operation: id, input: z.unknown().describe('Input of the operation') };

/** Why can't I? For oneself. Throws `OPERATION_NOT_THERE`, or `INPUT_INVALID` of the operation. */
export const explainPolicy = defineOperation<PolicyTrace>()({
  id: 'policy.explain',
  title: { zh: '为什么不能', en: 'Explain a decision' },
  action: 'sign-in',
  articles: ['10'],
  input: z.strictObject(question),
  resource: () => ({}),
  audited: ({ operation }) => ({ operation }),
});

/** The same for somebody else. Throws also `PERSON_UNKNOWN`. */
export const explainForPerson = defineOperation<PolicyTrace>()({
  id: 'policy.explain-person',
  title: { zh: '说明他人的权限', en: 'Explain a decision for a person' },
  action: 'audit',
  articles: ['8', '11'],
  input: z.strictObject({ ...question, person: id }),
  resource: (input) => ({ subject: `person:${input.person}` }),
  audited: ({ operation, person }) => ({ operation, person }),
});

/** `now`: as things are; `ready`: once on duty, at a workstation, signed in and present; `no`: an approval or more is missing; `never`: nothing helps. */
export type Reach = 'now' | 'ready' | 'no' | 'never';

/** One answer about one person, camera and action. */
export interface ReachAnswer {
  readonly reach: Reach;
  readonly articles: readonly string[];
  readonly missing: readonly Missing[];
  /** The grant that opens it. */
  readonly grant?: string;
}

/** Who may see this camera? */
export const whoMay = defineOperation<{ readonly people: readonly (ReachAnswer & { readonly person: Person })[] }>()({
  id: 'policy.who-may',
  title: { zh: '谁可以看此摄像机', en: 'Ask who may see a camera' },
  action: 'audit',
  articles: ['8', '11'],
  input: z.strictObject({ camera: id, action: footageAction }),
  resource: (input) => ({ cameras: [input.camera] }),
});

/** What may this person see? Cameras with the same answer stand together. Throws `PERSON_UNKNOWN`. */
export const whatMay = defineOperation<{ readonly person: Person; readonly answers: readonly (ReachAnswer & { readonly action: Action; readonly cameras: readonly string[] })[] }>()({
  id: 'policy.what-may',
  title: { zh: '此人可以看什么', en: 'Ask what a person may see' },
  action: 'audit',
  articles: ['8', '11'],
  input: z.strictObject({ person: id }),
  resource: (input) => ({ subject: `person:${input.person}` }),
});

/** A pack as it is talked about. */
export interface PackSummary {
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  readonly effective: string;
  readonly sha256: string;
  readonly rules: number;
}

/** What the proof found of a pack that somebody wants in force. */
export interface PackVerdict {
  readonly ok: boolean;
  readonly valuations: string;
  readonly problems: readonly string[];
}

/** One difference between two packs, with a question that they answer differently. */
export interface PackDifference {
  readonly action: Action;
  readonly before: 'permit' | 'deny';
  readonly after: 'permit' | 'deny';
  readonly facts: Readonly<Record<string, unknown>>;
  /** How many valuations of the facts change in this way. */
  readonly valuations: string;
}

/** Somebody wants another pack in force. */
export interface PackProposal {
  readonly id: string;
  readonly pack: PackSummary;
  readonly proposedBy: string;
  readonly reason: string;
  readonly atMs: number;
  readonly state: 'open' | 'approved' | 'rejected';
  readonly settledBy?: string;
  readonly settledMs?: number;
  readonly verdict: PackVerdict;
  readonly differences: readonly PackDifference[];
}

/** A rule of the pack in force, as people read it. */
export interface RuleWords {
  readonly id: string;
  readonly article: string;
  readonly text: Text;
}

/** The pack in force with its rules in words, the one of the configuration where that is another, what was proposed, and the people who did. */
export const readPolicy = defineOperation<{ readonly inForce: PackSummary; readonly rules: readonly RuleWords[]; readonly configured?: PackSummary; readonly proposals: readonly PackProposal[]; readonly people: readonly Person[] }>()({
  id: 'policy.read',
  title: { zh: '查看规则', en: 'Read the rules' },
  action: 'view',
  articles: ['30', '31'],
  input: nothing,
  resource: () => ({}),
});

/** Proposes the pack of the configuration, or one that is given as JSON. It is proven first. Throws `PACK_INVALID` or `PACK_SAME`. */
export const proposePolicy = defineOperation<PackProposal>()({
  id: 'policy.propose',
  title: { zh: '提请更换规则', en: 'Propose other rules' },
  action: 'configure',
  articles: ['8', '30'],
  input: z.strictObject({ pack: z.record(z.string(), z.unknown()).optional().describe('A pack as JSON; the one of the configuration when absent'), reason: words(500) }),
  resource: () => ({ subject: 'policy:proposal' }),
  audited: ({ reason }) => ({ reason }),
});

/** Puts a proposed pack in force: another person of the Office than the one who proposed it. Requests that wait begin anew where the way of approval is another now. Throws `PROPOSAL_UNKNOWN`, `PROPOSAL_SETTLED`, `PROPOSAL_CHANGED`, `PROPOSAL_OUTDATED`, `PACK_UNPROVEN` or `PACK_INVALID`. */
export const approvePolicy = defineOperation<PackProposal>()({
  id: 'policy.approve',
  title: { zh: '批准更换规则', en: 'Approve other rules' },
  action: 'review',
  articles: ['8', '30'],
  input: z.strictObject({ proposal: id, sha256: sha256.describe('Of the pack that was read') }),
  resource: (input) => ({ subject: `policy:${input.proposal}` }),
});

/** Refuses a proposed pack. Throws `PROPOSAL_UNKNOWN` or `PROPOSAL_SETTLED`. */
export const rejectPolicy = defineOperation<PackProposal>()({
  id: 'policy.reject',
  title: { zh: '否决更换规则', en: 'Reject other rules' },
  action: 'review',
  articles: ['8', '30'],
  input: z.strictObject({ proposal: id, reason: words(500) }),
  resource: (input) => ({ subject: `policy:${input.proposal}` }),
});

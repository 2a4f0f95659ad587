// Worked examples that the pack must decide as said.
import type { FactValue, PackTest } from '@wanglou/core';

type Known = Readonly<Record<string, FactValue>>;

const base: Known = { 'actor.kind': 'person', 'actor.standing': 'staff', 'actor.suspended': false, 'actor.onDuty': false, 'actor.emergencyOpen': false, 'grant.covers': false, 'grant.approvals': [], 'grant.emergency': false, 'request.own': false, 'request.awaitsActor': true, 'subject.kind': 'none' };
const guard: Known = { ...base, 'actor.roles': ['zone-guard'], 'actor.onDuty': true };
const warden: Known = { ...base, 'actor.roles': ['zone-warden'] };
const keyHolder: Known = { ...base, 'actor.roles': ['key-holder'] };
const system: Known = { 'actor.kind': 'system', 'subject.kind': 'none' };
const granted = (...approvals: string[]): Known => ({ 'grant.covers': true, 'grant.approvals': approvals });

/** The examples. */
export const tests: readonly PackTest[] = [
  { name: 'the zone guard on duty watches', action: 'live', facts: guard, effect: 'permit' },
  { name: 'off duty not', action: 'live', facts: { ...guard, 'actor.onDuty': false }, effect: 'deny', articles: ['2'] },
  { name: 'the zones consent to playback', action: 'playback', facts: { ...guard, ...granted('zones') }, effect: 'permit' },
  { name: 'and to live view', action: 'live', facts: { ...warden, ...granted('zones') }, effect: 'permit' },
  { name: 'but not to a copy', action: 'copy', facts: { ...guard, ...granted('zones') }, effect: 'deny', articles: ['3'] },
  { name: 'the centre does, with two keys', action: 'copy', facts: { ...guard, ...granted('centre') }, effect: 'permit' },
  { name: 'a warden judges', action: 'review', facts: { ...warden, 'subject.kind': 'request' }, effect: 'permit' },
  { name: 'another key holder approves rules', action: 'review', facts: { ...keyHolder, 'subject.kind': 'policy', 'proposal.own': false }, effect: 'permit' },
  { name: 'a key holder appoints', action: 'configure', facts: { ...keyHolder, 'subject.kind': 'roles', 'person.self': false }, effect: 'permit' },
  { name: 'an engineer does not', action: 'configure', facts: { ...base, 'actor.roles': ['engineer'], 'subject.kind': 'roles', 'person.self': false }, effect: 'deny', articles: ['5'] },
  { name: 'the guard signs on', action: 'duty', facts: guard, effect: 'permit' },
  { name: 'staff see states', action: 'view', facts: guard, effect: 'permit' },
  { name: 'the system looks after itself', action: 'maintain', facts: system, effect: 'permit' },
  { name: 'the system erases after forty-five days', action: 'erase', facts: { ...system, 'footage.ageDays': 45, 'footage.held': false }, effect: 'permit' },
  { name: 'a warden holds footage', action: 'hold', facts: warden, effect: 'permit' },
  { name: 'another one lets it go', action: 'review', facts: { ...warden, 'subject.kind': 'hold', 'proposal.own': false }, effect: 'permit' },
  { name: 'the warden may look at once', action: 'emergency', facts: warden, effect: 'permit' },
  { name: 'and plays back what was just recorded', action: 'playback', facts: { ...warden, ...granted(), 'grant.emergency': true }, effect: 'permit' },
  { name: 'a visitor gets nothing', action: 'request', facts: { ...base, 'actor.standing': 'outside', 'actor.roles': [] }, effect: 'deny', articles: ['1'] },
];

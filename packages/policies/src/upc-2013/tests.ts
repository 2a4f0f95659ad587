// Worked examples that the pack must decide as said.
import type { FactValue, PackTest } from '@wanglou/core';

type Known = Readonly<Record<string, FactValue>>;

const base: Known = {
  'actor.kind': 'person',
  'actor.session': true,
  'actor.standing': 'staff',
  'actor.postTrained': true,
  'actor.confidentialityTrained': true,
  'actor.workstation': true,
  'actor.stepUp': true,
  'actor.suspended': false,
  'actor.emergencyOpen': false,
  'grant.covers': false,
  'grant.approvals': [],
  'grant.emergency': false,
  'grant.visit': false,
  'request.own': false,
  'request.awaitsActor': true,
  'subject.kind': 'none',
};
const operator: Known = { ...base, 'actor.unit': 'guard-team', 'actor.roles': ['operator'], 'actor.onDuty': true };
const administrator: Known = { ...base, 'actor.unit': 'section', 'actor.roles': ['administrator'], 'actor.onDuty': false };
const head: Known = { ...base, 'actor.unit': 'section', 'actor.roles': ['section-head'], 'actor.onDuty': false };
const officeHead: Known = { ...base, 'actor.unit': 'office', 'actor.roles': ['office-head'], 'actor.onDuty': false };
const outside: Known = { ...base, 'actor.standing': 'outside', 'actor.roles': [], 'actor.onDuty': false, 'grant.visit': true };
const papers: Known = { 'visit.persons': 2, 'visit.present': 2, 'visit.identified': true, 'visit.certificate': true, 'visit.registered': true, 'visit.confidentiality': true, 'visit.caseBody': false };
const noPapers: Known = { 'visit.persons': 1, 'visit.present': 1, 'visit.identified': false, 'visit.certificate': false, 'visit.registered': false, 'visit.confidentiality': false, 'visit.caseBody': false };
const system: Known = { 'actor.kind': 'system', 'actor.session': false, 'subject.kind': 'none' };
const granted = (...approvals: string[]): Known => ({ 'grant.covers': true, 'grant.approvals': approvals, 'grant.purpose': 'incident' });
const on = (kind: string, facts: Known = {}): Known => ({ 'subject.kind': kind, ...facts });

const footage: readonly PackTest[] = [
  { name: 'the operator on duty watches live', action: 'live', facts: operator, effect: 'permit' },
  { name: 'and steers cameras', action: 'control', facts: operator, effect: 'permit' },
  { name: 'the operator off duty does not', action: 'live', facts: { ...operator, 'actor.onDuty': false }, effect: 'deny', articles: ['9(3)', '10'] },
  { name: 'the operator plays nothing back without consent', action: 'playback', facts: operator, effect: 'deny', articles: ['10'] },
  { name: 'she plays back what the Section consented to', action: 'playback', facts: { ...operator, ...granted('section') }, effect: 'permit' },
  { name: 'the consent of the Section is not enough for a copy', action: 'copy', facts: { ...operator, ...granted('section') }, effect: 'deny', articles: ['10'] },
  { name: 'the approval of the Office is', action: 'copy', facts: { ...operator, ...granted('section', 'office') }, effect: 'permit' },
  { name: 'but not to another destination', action: 'copy', facts: operator, effect: 'deny', articles: ['10', '12(4)'] },
  { name: 'nor long after the last sign-in', action: 'copy', facts: { ...operator, ...granted('section', 'office'), 'actor.stepUp': false }, effect: 'deny', articles: ['9'] },
  { name: 'the administrator plays back what others approved', action: 'playback', facts: { ...administrator, ...granted('section') }, effect: 'permit' },
  { name: 'and sees nothing otherwise', action: 'live', facts: administrator, effect: 'deny', articles: ['10'] },
  { name: 'the head of the Section needs consent as well', action: 'live', facts: head, effect: 'deny', articles: ['10'] },
  { name: 'and watches live with it', action: 'live', facts: { ...head, ...granted('section') }, effect: 'permit' },
  { name: 'training for the post that has run out stops everything', action: 'live', facts: { ...operator, 'actor.postTrained': false }, effect: 'deny', articles: ['9(2)'] },
  { name: 'so does training in confidentiality', action: 'live', facts: { ...operator, 'actor.confidentialityTrained': false }, effect: 'deny', articles: ['9(2)'] },
  { name: 'an unregistered computer shows nothing', action: 'live', facts: { ...operator, 'actor.workstation': false }, effect: 'deny', articles: ['9(4)'] },
  { name: 'an individual is refused whatever is approved', action: 'playback', facts: { ...base, 'actor.standing': 'individual', 'actor.roles': [], 'actor.onDuty': false, ...granted('section', 'office') }, effect: 'deny', articles: ['14'] },
  { name: 'an individual may not even ask', action: 'request', facts: { ...base, 'actor.standing': 'individual', 'actor.roles': [] }, effect: 'deny', articles: ['14'] },
  { name: 'a contractor never sees footage', action: 'live', facts: { ...base, 'actor.roles': ['contractor'], 'actor.onDuty': false, ...granted('section') }, effect: 'deny', articles: ['19'] },
  { name: 'a grant without a purpose opens nothing', action: 'live', facts: { ...operator, 'grant.covers': true, 'grant.approvals': ['section'] }, effect: 'deny', articles: ['12(1)'] },
  { name: 'whoever has not signed in sees nothing', action: 'view', facts: { 'actor.kind': 'anonymous', 'actor.session': false }, effect: 'deny', articles: ['9(3)'] },
];

const visits: readonly PackTest[] = [
  { name: 'outside staff alone and without papers learn everything that is missing', action: 'playback', facts: { ...outside, ...granted('section'), ...noPapers }, effect: 'deny', articles: ['13(1)', '13(2)', '13(3)', '13(4)', '13(5)'] },
  { name: 'two of them with their papers play back', action: 'playback', facts: { ...outside, ...granted('section'), ...papers }, effect: 'permit' },
  { name: 'until one of them leaves', action: 'playback', facts: { ...outside, ...granted('section'), ...papers, 'visit.present': 1 }, effect: 'deny', articles: ['13(1)'] },
  { name: 'police on a case need no certificate', action: 'playback', facts: { ...outside, ...granted('section'), ...papers, 'visit.certificate': false, 'visit.caseBody': true }, effect: 'permit' },
  { name: 'staff who retrieve for visitors are held to the same', action: 'playback', facts: { ...administrator, ...granted('section'), ...noPapers, 'grant.visit': true }, effect: 'deny', articles: ['13(1)', '13(2)', '13(3)', '13(4)', '13(5)'] },
  { name: 'outside staff may ask', action: 'request', facts: outside, effect: 'permit' },
];

const management: readonly PackTest[] = [
  { name: 'the head of the Section judges a request', action: 'review', facts: { ...head, ...on('request') }, effect: 'permit' },
  { name: 'but not her own', action: 'review', facts: { ...head, ...on('request'), 'request.own': true }, effect: 'deny', articles: ['10'] },
  { name: 'and not one that waits for another unit', action: 'review', facts: { ...head, ...on('request'), 'request.awaitsActor': false }, effect: 'deny', articles: ['8'] },
  { name: 'and not long after the last sign-in', action: 'review', facts: { ...head, ...on('request'), 'actor.stepUp': false }, effect: 'deny', articles: ['9'] },
  { name: 'reading the list of requests needs no second proof', action: 'review', facts: { ...head, 'actor.stepUp': false }, effect: 'permit' },
  { name: 'an operator judges nothing', action: 'review', facts: { ...operator, ...on('request') }, effect: 'deny', articles: ['8'] },
  { name: 'the Section reads the register', action: 'audit', facts: head, effect: 'permit' },
  { name: 'an operator does not', action: 'audit', facts: operator, effect: 'deny', articles: ['11'] },
  { name: 'the Office approves the rules that another proposed', action: 'review', facts: { ...officeHead, ...on('policy', { 'proposal.own': false }) }, effect: 'permit' },
  { name: 'not those that it proposed itself', action: 'review', facts: { ...officeHead, ...on('policy', { 'proposal.own': true }) }, effect: 'deny', articles: ['8'] },
  { name: 'the Section approves no rules', action: 'review', facts: { ...head, ...on('policy', { 'proposal.own': false }) }, effect: 'deny', articles: ['8'] },
  { name: 'the Office appoints', action: 'configure', facts: { ...officeHead, ...on('roles', { 'person.self': false }) }, effect: 'permit' },
  { name: 'but not themselves', action: 'configure', facts: { ...officeHead, ...on('roles', { 'person.self': true }) }, effect: 'deny', articles: ['8'] },
  { name: 'the administrator does not appoint', action: 'configure', facts: { ...administrator, ...on('roles', { 'person.self': false }) }, effect: 'deny', articles: ['8'] },
  { name: 'the administrator changes accounts', action: 'configure', facts: { ...administrator, ...on('person', { 'person.reviews': false }) }, effect: 'permit' },
  { name: 'but not those of heads', action: 'configure', facts: { ...administrator, ...on('person', { 'person.reviews': true }) }, effect: 'deny', articles: ['8'] },
  { name: 'the Office does', action: 'configure', facts: { ...officeHead, ...on('person', { 'person.reviews': true }) }, effect: 'permit' },
  { name: 'the Office configures no workstation', action: 'configure', facts: { ...officeHead, ...on('workstation') }, effect: 'deny', articles: ['9'] },
  { name: 'the administrator changes a camera for a reason of work', action: 'configure', facts: { ...administrator, ...on('camera', { 'work.reason': true }) }, effect: 'permit' },
  { name: 'not without one', action: 'configure', facts: { ...administrator, ...on('camera', { 'work.reason': false }) }, effect: 'deny', articles: ['12(5)'] },
  { name: 'the administrator stops the recorder with a permit', action: 'maintain', facts: { ...administrator, ...on('recorder', { 'work.permit': true }) }, effect: 'permit' },
  { name: 'not without one either', action: 'maintain', facts: { ...administrator, ...on('recorder', { 'work.permit': false }) }, effect: 'deny', articles: ['16(3)'] },
  { name: 'staff see the state of devices', action: 'view', facts: operator, effect: 'permit' },
  { name: 'the operator signs on to duty', action: 'duty', facts: { ...operator, 'actor.onDuty': false }, effect: 'permit' },
  { name: 'the suspended do nothing', action: 'view', facts: { ...operator, 'actor.suspended': true }, effect: 'deny', articles: ['10'] },
];

const retention: readonly PackTest[] = [
  { name: 'the system looks after itself', action: 'maintain', facts: system, effect: 'permit' },
  { name: 'the system erases what is past its retention', action: 'erase', facts: { ...system, 'footage.ageDays': 30, 'footage.held': false }, effect: 'permit' },
  { name: 'not a day earlier', action: 'erase', facts: { ...system, 'footage.ageDays': 29, 'footage.held': false }, effect: 'deny', articles: ['12(2)'] },
  { name: 'not what is held', action: 'erase', facts: { ...system, 'footage.ageDays': 400, 'footage.held': true }, effect: 'deny', articles: ['12(3)'] },
  { name: 'the operator on duty takes an alarm on', action: 'duty', facts: { ...operator, ...on('alarm') }, effect: 'permit' },
  { name: 'off duty she does not', action: 'duty', facts: { ...operator, 'actor.onDuty': false, ...on('alarm') }, effect: 'deny', articles: ['17(3)'] },
  { name: 'the head does, to whom it was escalated', action: 'duty', facts: { ...head, ...on('alarm') }, effect: 'permit' },
  { name: 'the administrator does not', action: 'duty', facts: { ...administrator, ...on('alarm') }, effect: 'deny', articles: ['17(3)'] },
  { name: 'another operator confirms that a fire is closed', action: 'duty', facts: { ...operator, ...on('alarm-closing', { 'proposal.own': false }) }, effect: 'permit' },
  { name: 'not the one who proposed it', action: 'duty', facts: { ...operator, ...on('alarm-closing', { 'proposal.own': true }) }, effect: 'deny', articles: ['29'] },
  { name: 'and not while nobody knows who did', action: 'duty', facts: { ...operator, ...on('alarm-closing') }, effect: 'deny', articles: ['29'] },
  { name: 'the head of the Section holds footage', action: 'hold', facts: head, effect: 'permit' },
  { name: 'so does the shift leader on duty', action: 'hold', facts: { ...operator, 'actor.roles': ['shift-leader'] }, effect: 'permit' },
  { name: 'not off duty', action: 'hold', facts: { ...operator, 'actor.roles': ['shift-leader'], 'actor.onDuty': false }, effect: 'deny', articles: ['12(3)'] },
  { name: 'an operator tells the shift leader', action: 'hold', facts: operator, effect: 'deny', articles: ['12(3)'] },
  { name: 'the Office proposes to lift a hold', action: 'hold', facts: { ...officeHead, ...on('hold', { 'proposal.own': false }) }, effect: 'permit' },
  { name: 'the shift leader does not', action: 'hold', facts: { ...operator, 'actor.roles': ['shift-leader'], ...on('hold', { 'proposal.own': false }) }, effect: 'deny', articles: ['12(3)'] },
  { name: 'another head confirms it', action: 'review', facts: { ...head, ...on('hold', { 'proposal.own': false }) }, effect: 'permit' },
  { name: 'not the one who proposed it', action: 'review', facts: { ...head, ...on('hold', { 'proposal.own': true }) }, effect: 'deny', articles: ['12(3)'] },
  { name: 'and not while nobody knows who did', action: 'review', facts: { ...head, ...on('hold') }, effect: 'deny', articles: ['12(3)'] },
  { name: 'nobody erases by hand', action: 'erase', facts: { ...officeHead, 'footage.ageDays': 400, 'footage.held': false }, effect: 'deny', articles: ['12(2)'] },
];

const withSwitch: readonly PackTest[] = [
  { name: 'the operator on duty takes footage in an emergency', action: 'emergency', facts: operator, effect: 'permit' },
  { name: 'not while the last one is unreviewed', action: 'emergency', facts: { ...operator, 'actor.emergencyOpen': true }, effect: 'deny', articles: ['10'] },
  { name: 'and not off duty', action: 'emergency', facts: { ...operator, 'actor.onDuty': false }, effect: 'deny', articles: ['9(3)'] },
  { name: 'an emergency plays back without consent', action: 'playback', facts: { ...operator, ...granted(), 'grant.emergency': true }, effect: 'permit' },
  { name: 'and never copies', action: 'copy', facts: { ...operator, ...granted(), 'grant.emergency': true }, effect: 'deny', articles: ['10'] },
];

const withoutSwitch: readonly PackTest[] = [
  { name: 'nobody takes footage in an emergency', action: 'emergency', facts: operator, effect: 'deny', articles: ['10'] },
  { name: 'a grant that an emergency left opens nothing', action: 'playback', facts: { ...operator, ...granted(), 'grant.emergency': true }, effect: 'deny', articles: ['10'] },
];

/** The examples, with or without emergency access. */
export function tests(emergency: boolean): readonly PackTest[] {
  return [...footage, ...visits, ...management, ...retention, ...(emergency ? withSwitch : withoutSwitch)];
}

// Worked examples that the pack must decide as said.
import type { FactValue, PackTest } from '@wanglou/core';

type Known = Readonly<Record<string, FactValue>>;

const base: Known = {
  'actor.kind': 'person',
  'actor.session': true,
  'actor.standing': 'staff',
  'actor.postTrained': true,
  'actor.confidentialityTrained': true,
  'actor.stepUp': true,
  'actor.suspended': false,
  'actor.onDuty': false,
  'camera.places': ['gate'],
  'grant.covers': false,
  'grant.approvals': [],
  'grant.concerned': false,
  'grant.visit': false,
  'request.own': false,
  'request.awaitsActor': true,
  'subject.kind': 'none',
};
const watcher: Known = { ...base, 'actor.roles': ['watcher'], 'actor.onDuty': true };
const manager: Known = { ...base, 'actor.roles': ['manager'] };
const engineer: Known = { ...base, 'actor.roles': ['engineer'] };
const individual: Known = { ...base, 'actor.standing': 'individual', 'actor.roles': [] };
const organ: Known = { ...base, 'actor.standing': 'outside', 'actor.roles': [], 'grant.visit': true, 'visit.identified': true, 'visit.registered': true, 'visit.certificate': true, 'visit.caseBody': false };
const granted: Known = { 'grant.covers': true, 'grant.approvals': ['management'], 'grant.purpose': 'incident' };
const system: Known = { 'actor.kind': 'system', 'subject.kind': 'none' };

/** The examples. */
export const tests: readonly PackTest[] = [
  { name: 'the watcher on duty sees live pictures', action: 'live', facts: watcher, effect: 'permit' },
  { name: 'not of a dormitory room', action: 'live', facts: { ...watcher, 'camera.places': ['gate', 'dormitory-room'] }, effect: 'deny', articles: ['8'] },
  { name: 'and not off duty', action: 'live', facts: { ...watcher, 'actor.onDuty': false }, effect: 'deny', articles: ['16'] },
  { name: 'staff play back what was authorised', action: 'playback', facts: { ...watcher, ...granted }, effect: 'permit' },
  { name: 'and copy it', action: 'copy', facts: { ...watcher, ...granted }, effect: 'permit' },
  { name: 'not for a reason that is not registered', action: 'live', facts: { ...watcher, 'grant.covers': true, 'grant.approvals': ['management'] }, effect: 'deny', articles: ['16'] },
  { name: 'the person concerned views', action: 'playback', facts: { ...individual, ...granted, 'grant.concerned': true }, effect: 'permit' },
  { name: 'and takes no copy', action: 'copy', facts: { ...individual, ...granted, 'grant.concerned': true }, effect: 'deny', articles: ['21'] },
  { name: 'nor does staff for them', action: 'copy', facts: { ...watcher, ...granted, 'grant.concerned': true }, effect: 'deny', articles: ['21'] },
  { name: 'whom it does not concern sees nothing', action: 'playback', facts: { ...individual, ...granted }, effect: 'deny', articles: ['21'] },
  { name: 'an individual may ask', action: 'request', facts: individual, effect: 'permit' },
  { name: 'and watches nothing live', action: 'live', facts: { ...individual, ...granted, 'grant.concerned': true }, effect: 'deny', articles: ['21'] },
  { name: 'a state organ with its papers plays back', action: 'playback', facts: { ...organ, ...granted }, effect: 'permit' },
  { name: 'without a letter and a case it does not', action: 'playback', facts: { ...organ, ...granted, 'visit.certificate': false }, effect: 'deny', articles: ['20'] },
  { name: 'a contractor sees nothing', action: 'live', facts: { ...base, 'actor.roles': ['contractor'], ...granted }, effect: 'deny', articles: ['19'] },
  { name: 'the manager judges', action: 'review', facts: { ...manager, 'subject.kind': 'request' }, effect: 'permit' },
  { name: 'but not her own request', action: 'review', facts: { ...manager, 'subject.kind': 'request', 'request.own': true }, effect: 'deny', articles: ['16'] },
  { name: 'the manager authorises people', action: 'configure', facts: { ...manager, 'subject.kind': 'roles', 'person.self': false }, effect: 'permit' },
  { name: 'the engineer does not', action: 'configure', facts: { ...engineer, 'subject.kind': 'roles', 'person.self': false }, effect: 'deny', articles: ['16'] },
  { name: 'the engineer sets up a camera at the gate', action: 'configure', facts: { ...engineer, 'subject.kind': 'camera' }, effect: 'permit' },
  { name: 'not in a changing room', action: 'configure', facts: { ...engineer, 'subject.kind': 'camera', 'camera.places': ['changing-room'] }, effect: 'deny', articles: ['8'] },
  { name: 'staff see the state of devices', action: 'view', facts: watcher, effect: 'permit' },
  { name: 'the watcher signs on to duty', action: 'duty', facts: watcher, effect: 'permit' },
  { name: 'the system looks after itself', action: 'maintain', facts: system, effect: 'permit' },
  { name: 'the system deletes what is old', action: 'erase', facts: { ...system, 'footage.ageDays': 90, 'footage.held': false }, effect: 'permit' },
  { name: 'never before thirty days', action: 'erase', facts: { ...system, 'footage.ageDays': 29, 'footage.held': false }, effect: 'deny', articles: ['17'] },
  { name: 'the manager holds footage', action: 'hold', facts: manager, effect: 'permit' },
  { name: 'another manager confirms that it is let go', action: 'review', facts: { ...manager, 'subject.kind': 'hold', 'proposal.own': false }, effect: 'permit' },
  { name: 'not the one who proposed it', action: 'review', facts: { ...manager, 'subject.kind': 'hold', 'proposal.own': true }, effect: 'deny', articles: ['17'] },
  { name: 'nobody deletes by hand', action: 'erase', facts: { ...manager, 'footage.ageDays': 90, 'footage.held': false }, effect: 'deny', articles: ['23(5)'] },
];

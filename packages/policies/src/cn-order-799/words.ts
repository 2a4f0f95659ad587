// Conditions and lists that several rules of cn-order-799 share.
import { person } from '../common.ts';

/** Kinds of place in which no camera may be. Article 8. */
export const forbiddenPlaces: readonly string[] = ['dormitory-room', 'guest-room', 'bathroom', 'toilet', 'changing-room', 'nursing-room'];

export const individual = { all: [person, { 'actor.standing': 'individual' }] } as const;
export const organ = { all: [person, { any: [{ 'actor.standing': 'outside' }, { 'grant.visit': true }] }] } as const;
/** Those whom the managing unit authorised to watch, on duty. Article 16. */
export const onWatch = { all: [{ 'actor.standing': 'staff' }, { 'actor.roles': { has: 'watcher' } }, { 'actor.onDuty': true }] } as const;
export const manager = { 'actor.roles': { has: 'manager' } } as const;
export const privatePlace = { 'camera.places': { hasAny: forbiddenPlaces } } as const;

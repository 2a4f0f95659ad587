// Conditions and lists that several rules of upc-2013 share.
import { person } from '../common.ts';

/** Who watches in the control room. Article 6. */
export const watchRoles: readonly string[] = ['operator', 'shift-leader'];
/** Who judges. Article 8. */
export const headRoles: readonly string[] = ['office-head', 'section-head'];

/** The control room on duty: the one view that needs no request. Articles 6 and 10. */
export const onWatch = { all: [{ 'actor.standing': 'staff' }, { 'actor.roles': { hasAny: watchRoles } }, { 'actor.onDuty': true }] } as const;
/** Footage for other bodies, whoever of the campus operates it for them. Article 13. */
export const outsideVisit = { all: [person, { any: [{ 'actor.standing': 'outside' }, { 'grant.visit': true }] }] } as const;

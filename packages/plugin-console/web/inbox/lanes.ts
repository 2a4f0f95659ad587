// The lanes of the inbox: what waits for me, what I asked for, what is granted, what is settled.
import type { AccessRequest, Grant, Person } from '@wanglou/core';
import type { SessionView } from '@wanglou/plugin-access/contract';
import { grantState } from '../requests/grant-state.ts';
import { grantOf, type Judge } from '../requests/request-state.ts';

/** Lanes in their order. `emergency` is there where the pack knows emergencies. */
export const lanes = ['waiting', 'mine', 'granted', 'settled', 'emergency'] as const;
/** Name of a lane. */
export type Lane = (typeof lanes)[number];

/** Reads the lane of the address. */
export function readLane(query: URLSearchParams): Lane {
  return lanes.find((lane) => lane === query.get('lane')) ?? 'waiting';
}

/** Where a request of one's units stands. `mine` is another list: one's own are read by another operation. */
export function laneOf(request: AccessRequest, grants: readonly Grant[], nowMs: number): Exclude<Lane, 'mine' | 'emergency'> {
  if (request.state === 'submitted') return 'waiting';
  const grant = grantOf(request, grants);
  return request.state === 'approved' && grant && ['coming', 'ready', 'open'].includes(grantState(grant, nowMs)) ? 'granted' : 'settled';
}

/** Who this session judges as: one's own unit, and the units of those who lent a role. */
export function judgeOf({ person, delegatedRoles }: Pick<SessionView, 'person' | 'delegatedRoles'>, people: readonly Person[]): Judge {
  const lenders = delegatedRoles.map(({ from }) => people.find(({ id }) => id === from));
  const units = lenders.flatMap((lender) => lender?.unit ?? []);
  return { id: person.id, units: [...new Set([person.unit, ...units])], lentElsewhere: lenders.includes(undefined) };
}

/** Name of the person in whose place this session would judge for a unit; nothing where it is one's own unit. */
export function lenderOf({ person, delegatedRoles }: Pick<SessionView, 'person' | 'delegatedRoles'>, unit: string, people: readonly Person[]): string | undefined {
  if (person.unit === unit) return undefined;
  const lenders = delegatedRoles.map(({ from }) => people.find(({ id }) => id === from) ?? { name: from, unit: undefined });
  return (lenders.find((lender) => lender.unit === unit) ?? lenders.find((lender) => lender.unit === undefined))?.name;
}

/** The last requests of the same person, without the one at hand. */
export function recentOf(request: AccessRequest, recent: readonly AccessRequest[]): readonly AccessRequest[] {
  return recent
    .filter(({ id, requester }) => requester === request.requester && id !== request.id)
    .sort((a, b) => b.createdMs - a.createdMs)
    .slice(0, 5);
}

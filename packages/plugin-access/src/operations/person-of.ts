// Who acts, for operations that only a person, or a person in a session, can do.
import type { Principal } from '@wanglou/core';
import { AccessError } from '../errors.ts';
import type { Session, SessionBook } from '../sessions/sessions.ts';

/** The person who acts. Throws `SESSION_NEEDED` for anybody else. */
export function personOf(principal: Principal): string {
  if (principal.kind !== 'person') throw new AccessError('SESSION_NEEDED');
  return principal.id;
}

/** The session of an act. Throws `SESSION_NEEDED`. */
export function sessionOf({ sessions }: { readonly sessions: Pick<SessionBook, 'get'> }, principal: Principal): Session {
  personOf(principal);
  const session = principal.session === undefined ? undefined : sessions.get(principal.session);
  if (!session) throw new AccessError('SESSION_NEEDED');
  return session;
}

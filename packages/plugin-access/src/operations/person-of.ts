// Who acts, for operations that only a person can do.
import type { Principal } from '@wanglou/core';
import { AccessError } from '../errors.ts';

/** The person who acts. Throws `SESSION_NEEDED` for anybody else. */
export function personOf(principal: Principal): string {
  if (principal.kind !== 'person') throw new AccessError('SESSION_NEEDED');
  return principal.id;
}

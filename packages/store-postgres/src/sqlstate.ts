// What PostgreSQL and the network say, as errors of the store.
import { DatabaseError } from 'pg';
import { StoreError } from './errors.ts';
import { withoutSecrets, type Target } from './target.ts';

/** Whether the connection that gave this is of no use any more: the server ended it, or nobody knows what became of it. */
export function isFatal(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.severity === 'FATAL' || error.severity === 'PANIC';
  // Values that cannot go or come exactly are refused by us, and by nothing on the way.
  return !(error instanceof RangeError || error instanceof TypeError || error instanceof StoreError);
}

/** A failure to connect. */
export function toConnectError(target: Target, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const sqlState = error instanceof DatabaseError ? (error.code ?? '') : '';
  // The sentences of the server about logging in differ with its settings and name users.
  const reason = sqlState.startsWith('28') ? 'the server refuses the user name or the password' : reasonOf(target, error);
  return new StoreError('STORE_UNAVAILABLE', { place: target.place, reason });
}

/**
 * A failure of a statement (SQLSTATE: PostgreSQL documentation, appendix A). Without cause: what the server adds to its sentence holds
 * values of rows.
 */
export function toStoreError(target: Target, error: unknown): Error {
  if (error instanceof StoreError || error instanceof RangeError || error instanceof TypeError) return error;
  const { place } = target;
  const reason = reasonOf(target, error);
  if (isFatal(error)) return new StoreError('STORE_LOST', { place, reason });
  switch ((error as DatabaseError).code) {
    case '53100':
      return new StoreError('STORE_FULL', { place });
    // Cannot serialize, deadlock, lock not available, cancelled.
    case '40001':
    case '40P01':
    case '55P03':
    case '57014':
      return new StoreError('STORE_BUSY', { place });
    // Read-only, no right, out of memory, too many connections, input or output.
    case '25006':
    case '42501':
    case '53000':
    case '53200':
    case '53300':
    case '58000':
    case '58030':
      return new StoreError('STORE_UNAVAILABLE', { place, reason });
    case 'XX001':
    case 'XX002':
      return new StoreError('STORE_CORRUPT', { place, reason });
    default:
      return new Error(reason);
  }
}

/** The sentence of an error; several addresses of one name make an error without one. */
function reasonOf(target: Target, error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return withoutSecrets(target, message || code || String(error));
}

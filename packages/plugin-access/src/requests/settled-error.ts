// Why a step on a request comes too late, in words.
import type { AccessRequest, Text } from '@wanglou/core';
import { AccessError } from '../errors.ts';

const outcomes: Readonly<Record<Exclude<AccessRequest['state'], 'submitted'>, Text>> = {
  approved: { zh: '已批准', en: 'was approved' },
  denied: { zh: '已驳回', en: 'was denied' },
  withdrawn: { zh: '已撤回', en: 'was withdrawn' },
  expired: { zh: '已过期', en: 'has expired' },
};

/** `REQUEST_SETTLED`; or `REQUEST_CHANGED` where it still waits, but is not what was read. */
export function settledError({ state }: AccessRequest): AccessError {
  return state === 'submitted' ? new AccessError('REQUEST_CHANGED') : new AccessError('REQUEST_SETTLED', { state, outcome: outcomes[state] });
}

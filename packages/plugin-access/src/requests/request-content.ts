// What a request asks for, in the form that is kept and hashed.
import type { AccessRequest, Visit } from '@wanglou/core';

/** What is asked, as the requester wrote it. Approvals are bound to the hash of this. */
export interface RequestContent extends Pick<AccessRequest, 'scope' | 'reason' | 'companions'> {
  readonly caseNumber?: string;
  readonly destination?: string;
  readonly concerned?: boolean;
  readonly visit?: Visit;
  readonly extends?: string;
}

/** The part of a request that its requester wrote, without what is absent: the hash must be of what is kept. */
export function contentOf({ scope, reason, companions, caseNumber, destination, concerned, visit, extends: extended }: { readonly [K in keyof RequestContent]: RequestContent[K] | undefined } & Pick<RequestContent, 'scope' | 'reason' | 'companions'>): RequestContent {
  return {
    scope,
    reason,
    companions,
    ...(caseNumber !== undefined && { caseNumber }),
    ...(destination !== undefined && { destination }),
    ...(concerned !== undefined && { concerned }),
    ...(visit && { visit }),
    ...(extended !== undefined && { extends: extended }),
  };
}

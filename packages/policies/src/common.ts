// Lists and conditions that every pack speaks in.
import type { Action } from '@wanglou/core';

/** Acts in which pictures are seen or leave. */
export const footage: readonly Action[] = ['live', 'playback', 'copy'];
/** Everything that needs a person who signed in. */
export const signedInActs: readonly Action[] = [...footage, 'control', 'configure', 'maintain', 'review', 'audit', 'view', 'request', 'duty', 'emergency', 'hold'];

export const person = { 'actor.kind': 'person' } as const;

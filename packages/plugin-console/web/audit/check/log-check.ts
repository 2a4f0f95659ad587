// What a check of the log found, from this browser or from the server, in one form.
import type { Text, Verification } from '@wanglou/core';
import type { LogResult } from '@wanglou/verify/browser';

/** The first entry that does not fit. */
export interface BrokenAt {
  readonly seq: number;
  readonly reason: Text;
  /** False: all before it are good, and the broken one may come later. */
  readonly exact: boolean;
}

/** A finished check. */
export interface LogCheck {
  readonly where: 'browser' | 'server';
  /** `good`; `unwitnessed`: every entry is whole, and too few witnesses have said so; `broken`. */
  readonly state: 'good' | 'unwitnessed' | 'broken';
  readonly size: number;
  /** Root in base64. */
  readonly root?: string;
  readonly atMs: number;
  readonly broken?: BrokenAt;
  /** What is wrong, where no entry can be named. */
  readonly problem?: Text;
  readonly cosigned: readonly string[];
  /** More that only a check in the browser says. */
  readonly more?: Pick<LogResult, 'gapCount' | 'clockStepCount' | 'pruned' | 'since'>;
}

/** Of the verifier in this browser. */
export function checkOfBrowser(result: LogResult, atMs: number): LogCheck {
  const { ok, size, root, problem, firstBroken, cosigned, gapCount, clockStepCount, pruned, since } = result;
  return {
    where: 'browser',
    state: ok ? 'good' : problem?.code === 'QUORUM_MISSING' ? 'unwitnessed' : 'broken',
    size,
    ...(root !== '' && { root }),
    atMs,
    ...(firstBroken && { broken: { seq: firstBroken.index, reason: firstBroken.text, exact: firstBroken.exact } }),
    ...(problem && { problem: problem.text }),
    cosigned,
    more: { gapCount, clockStepCount, pruned, ...(since !== undefined && { since }) },
  };
}

/** Of the server. */
export function checkOfServer({ ok, size, root, broken, checkpoint }: Verification, atMs: number): LogCheck {
  const rootNow = root ?? checkpoint?.root;
  return {
    where: 'server',
    state: ok ? 'good' : 'broken',
    size,
    ...(rootNow !== undefined && { root: rootNow }),
    atMs,
    ...(broken && { broken: { ...broken, exact: true } }),
    cosigned: checkpoint?.cosigned ?? [],
  };
}

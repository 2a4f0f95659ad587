import { describe, expect, it } from 'vitest';
import { coveringGrant, grantedDestination, grantState, isUsable, runningClock } from '../web/requests/grant-state.ts';
import { grantWith } from './mock/mock-requests.ts';

const scope = { cameras: ['a'], range: { fromMs: 0, toMs: 1000 }, actions: ['playback', 'copy'], purpose: 'case' } as const;
const fresh = grantWith({ id: 'g', holder: 'operator', scope, startsMs: 10, beginByMs: 20, useMs: 50, endsMs: 20 });
const begun = { ...fresh, begunMs: 15, endsMs: 65 };

describe('the clocks of a grant', () => {
  it('run to its beginning first', () => {
    expect([5, 10, 19, 20].map((atMs) => grantState(fresh, atMs))).toEqual(['coming', 'ready', 'ready', 'unused']);
    expect(runningClock(fresh, 12)).toEqual({ clock: 'to-begin', endsMs: 20 });
  });

  it('run in use from the first use', () => {
    expect([16, 64, 65].map((atMs) => grantState(begun, atMs))).toEqual(['open', 'open', 'ended']);
    expect(runningClock(begun, 16)).toEqual({ clock: 'in-use', endsMs: 65 });
    expect(runningClock(begun, 65)).toBeUndefined();
  });

  it('stop when it is revoked, given back, or was found to be over', () => {
    expect(grantState({ ...begun, revokedMs: 20 }, 25)).toBe('revoked');
    expect(grantState({ ...begun, endedMs: 30 }, 25)).toBe('given-back');
    expect(grantState({ ...begun, endedMs: 65 }, 25)).toBe('ended');
    expect(grantState({ ...fresh, endedMs: 20 }, 12)).toBe('unused');
    expect(isUsable(begun, 16)).toBe(true);
    expect(isUsable({ ...begun, endedMs: 30 }, 31)).toBe(false);
  });
});

describe('the grant that covers footage', () => {
  it('fits camera, action and range, one in use before one that would begin', () => {
    const footage = { camera: 'a', action: 'playback', range: { fromMs: 100, toMs: 200 } } as const;
    expect(coveringGrant([fresh, { ...begun, id: 'h' }], footage, 16)?.id).toBe('h');
    expect(coveringGrant([fresh], { ...footage, camera: 'b' }, 16)).toBeUndefined();
    expect(coveringGrant([fresh], { ...footage, action: 'live' }, 16)).toBeUndefined();
    expect(coveringGrant([fresh], { ...footage, range: { fromMs: 900, toMs: 1100 } }, 16)).toBeUndefined();
    expect(coveringGrant([fresh], footage, 25)).toBeUndefined();
  });

  it('names the destination of a copy', () => {
    expect(grantedDestination([{ ...fresh, destination: '派出所' }], 'a', { fromMs: 0, toMs: 10 }, 12)).toBe('派出所');
    expect(grantedDestination([{ ...fresh, destination: '派出所' }], 'a', { fromMs: 0, toMs: 10 }, 30)).toBeUndefined();
  });
});

// The order of the alarm desk, and what its messages may change.
import type { Alarm } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { byUrgency, isLoud, withChanged, withNewest } from '../web/alarms/urgency.ts';

const alarm = (id: string, over: Partial<Alarm> = {}): Alarm => ({ id, source: id, priority: 'high', title: { zh: id, en: id }, state: 'received', cameras: [], raisedMs: 0, receivedMs: 0, newestMs: 0, count: 1, steps: [{ kind: 'received', atMs: 0 }], ...over });
const ids = (alarms: readonly Alarm[]) => alarms.map(({ id }) => id);

describe('the desk', () => {
  it('shows fires first, then what nobody has taken on, then by priority, then the newest', () => {
    const shown = [alarm('taken', { state: 'acknowledged' }), alarm('old'), alarm('low', { priority: 'low' }), alarm('new', { newestMs: 5 }), alarm('fire', { priority: 'fire', state: 'handled' })].toSorted(byUrgency);
    expect(ids(shown)).toEqual(['fire', 'new', 'old', 'low', 'taken']);
  });

  it('takes the newer of two, whichever comes last, and lets go of what is closed', () => {
    const later = alarm('a', { state: 'acknowledged', steps: [{ kind: 'received', atMs: 0 }, { kind: 'acknowledged', atMs: 1 }] });
    expect(withChanged([alarm('a')], later)).toEqual([later]);
    expect(withChanged([later], alarm('a'))).toEqual([later]);
    expect(withChanged([], alarm('a'))).toEqual([alarm('a')]);
    expect(withChanged([alarm('a'), alarm('b')], { ...later, state: 'closed' })).toEqual([alarm('b')]);
    expect(withNewest([later], alarm('a'))).toEqual([later]);
  });

  it('sounds for fires and high alarms that nobody has taken on', () => {
    expect([alarm('a'), alarm('b', { priority: 'fire', state: 'shown' }), alarm('c', { priority: 'medium' }), alarm('d', { state: 'verifying' })].map(isLoud)).toEqual([true, true, false, false]);
  });
});

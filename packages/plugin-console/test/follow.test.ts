import { describe, expect, it } from 'vitest';
import { follow, type Lead } from '../web/player/follow.ts';

const lead = (more: Partial<Lead> = {}): Lead => ({ atMs: 100_000, isPlaying: true, speed: 1, ...more });
const at = (atSeconds: number, targetSeconds = 10, targetMs = 100_000) => ({ atSeconds, targetSeconds, targetMs });

describe('a picture that follows another', () => {
  it('goes with it, a little faster when it is behind and slower when it is ahead', () => {
    expect(follow(lead(), at(10.02))).toEqual({ kind: 'follow', rate: 1, play: true });
    expect(follow(lead(), at(9.8))).toEqual({ kind: 'follow', rate: 1.1, play: true });
    expect(follow(lead({ speed: 4 }), at(10.3))).toEqual({ kind: 'follow', rate: 3.6, play: true });
  });

  it('never plays faster than a browser can', () => {
    expect(follow(lead({ speed: 16 }), at(9))).toEqual({ kind: 'follow', rate: 16, play: true });
  });

  it('jumps when it is far off, the farther the faster both play', () => {
    expect(follow(lead(), at(9))).toMatchObject({ seek: 10, rate: 1 });
    expect(follow(lead({ speed: 8 }), at(9))).not.toHaveProperty('seek');
    expect(follow(lead({ speed: 0.5 }), at(10.5))).toMatchObject({ seek: 10 });
  });

  it('stands still with it, at the same picture', () => {
    expect(follow(lead({ isPlaying: false }), at(10.1))).toEqual({ kind: 'follow', rate: 1, play: false, seek: 10 });
    expect(follow(lead({ isPlaying: false }), at(10.01))).toEqual({ kind: 'follow', rate: 1, play: false });
  });

  it('shows nothing where it has no footage of that moment', () => {
    expect(follow(lead(), at(10, 10, 104_000))).toEqual({ kind: 'nothing' });
    expect(follow(lead(), at(10, 10, 98_000))).toEqual({ kind: 'nothing' });
    expect(follow(lead(), at(10, 10, 100_400))).toMatchObject({ kind: 'follow' });
  });
});

// The short form of `npm run soak -- power-cut`.
import { describe, expect, it } from 'vitest';
import { canMountImages } from './support/mount.ts';
import { cutPower } from './support/power-cut.ts';

describe.skipIf(!(await canMountImages()))('a power cut while cameras are recorded (left out where no file system in a file can be mounted)', () => {
  it('costs two seconds of footage at most, no acknowledged row, and no whole file', async () => {
    for await (const { acknowledged, rowsLost, lostMs, findings } of cutPower({ cuts: 1, cameras: 4, recordMs: 12_000, imageBytes: 5e8 })) {
      expect(acknowledged).toBeGreaterThan(0);
      expect([rowsLost, findings]).toEqual([[], []]);
      expect(Math.max(...lostMs)).toBeLessThanOrEqual(2_000);
    }
  });
});

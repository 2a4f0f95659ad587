// Figures of one camera, and when one of them has become another: small swings are nobody's news.

/** Figures of a stream as it is now. One that is not known is absent. */
export interface HealthFigures {
  readonly kbps?: number;
  readonly fps?: number;
  /** Between the last two keyframes, or since the last one where that is longer already. */
  readonly keyframeIntervalMs?: number;
  /** Clock of the camera minus clock of the recorder. */
  readonly clockOffsetMs?: number;
  /** How fast that grows. */
  readonly clockDriftMsPerDay?: number;
}

const byFactor = (factor: number) => (told: number, now: number): boolean => now > told * factor || now < told / factor;
const byMore = (than: number) => (told: number, now: number): boolean => Math.abs(now - told) > than;

/** Encoders follow the scene, so that their bit rate swings most. */
const isAnother: Readonly<Record<keyof HealthFigures, (told: number, now: number) => boolean>> = {
  kbps: byFactor(2),
  fps: byFactor(1.25),
  keyframeIntervalMs: byFactor(1.5),
  clockOffsetMs: byMore(1_000),
  clockDriftMsPerDay: byMore(10_000),
};

/** Whether a figure is another than the one that was told, or came, or went. */
export function hasWandered(told: HealthFigures, now: HealthFigures): boolean {
  return Object.entries(isAnother).some(([name, differs]) => {
    const [before, after] = [told[name as keyof HealthFigures], now[name as keyof HealthFigures]];
    return before === undefined || after === undefined ? before !== after : differs(before, after);
  });
}

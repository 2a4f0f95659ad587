// Keeps account of one camera's time: whatever is not covered by a written fragment becomes a gap with a cause.
import type { GapCause, GapRecord } from './segment-record.ts';

/** Holes shorter than this are jitter of the clock mapping. */
const toleranceMs = 250;
/** Losses that follow each other this closely are one gap. */
const mergeMs = 1_000;

/** Ledger of one camera. */
export class GapLedger {
  readonly #camera: string;
  readonly #report: (gap: GapRecord) => void;
  #coveredMs: number | undefined;
  #open: { readonly startMs: number; readonly cause: GapCause; readonly detail: string } | undefined;
  #blame: { readonly cause: GapCause; readonly detail: string } | undefined;
  #hole: (GapRecord & { readonly endMs: number }) | undefined;

  /**
   * @param coveredMs - end of the footage that exists already; undefined for a camera that was never recorded
   * @param report - called when a gap opens, and again with its end when it closes
   */
  constructor(camera: string, coveredMs: number | undefined, report: (gap: GapRecord) => void) {
    this.#camera = camera;
    this.#coveredMs = coveredMs;
    this.#report = report;
  }

  /** Footage ends here for this reason; later reasons do not replace the first. `nowMs` counts for a camera without footage. */
  interrupt(cause: GapCause, detail: string, nowMs: number): void {
    if (this.#open !== undefined) return;
    this.#open = { startMs: Math.round(this.#coveredMs ?? nowMs), cause, detail };
    this.#coveredMs ??= nowMs;
    this.#report({ camera: this.#camera, ...this.#open });
  }

  /** Says why, should a hole follow; until it is said that nothing is to blame any more. */
  blame(reason: { readonly cause: GapCause; readonly detail: string } | undefined): void {
    this.#blame = reason;
  }

  /** A fragment is on disk. */
  covered(startMs: number, endMs: number): void {
    const open = this.#open;
    const before = this.#coveredMs;
    this.#open = undefined;
    this.#coveredMs = Math.max(before ?? endMs, endMs);
    if (open !== undefined) this.#report({ camera: this.#camera, ...open, endMs: Math.max(open.startMs, Math.round(startMs)) });
    else if (before !== undefined && startMs - before > toleranceMs) {
      this.#report({ camera: this.#camera, startMs: Math.round(before), endMs: Math.round(startMs), ...(this.#blame ?? { cause: 'unknown', detail: 'no frames arrived' }) });
    }
  }

  /** Frames are missing inside covered time. */
  missing(startMs: number, endMs: number, cause: GapCause, detail: string): void {
    const last = this.#hole;
    const extend = last !== undefined && last.cause === cause && startMs - last.endMs < mergeMs;
    this.#hole = { camera: this.#camera, startMs: extend ? last.startMs : Math.round(startMs), endMs: Math.round(endMs), cause, detail };
    this.#report(this.#hole);
  }

  /** End of the footage so far. */
  get coveredMs(): number | undefined {
    return this.#coveredMs;
  }
}

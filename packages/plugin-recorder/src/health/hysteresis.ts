// Holds on to a judgement: it changes only after the same was seen several times in a row, and goes the same way. Nobody is called because of one look.

/** How often it must be seen. */
export interface HysteresisLimits {
  readonly raiseAfter: number;
  readonly clearAfter: number;
}

/** A figure that is bad counts as good again only when it is clearly so. */
const goodBelow = 0.8;

/** Judges a figure by its share of what is bearable: bad above 1, good below 0.8; `undefined` between them, where it stays as it was. */
export function judge(share: number): boolean | undefined {
  return share > 1 ? true : share < goodBelow ? false : undefined;
}

/** One thing that is watched. */
export class Hysteresis {
  readonly #limits: HysteresisLimits;
  #count = 0;
  #sinceMs: number | undefined;

  /** @param sinceMs - it is there already, since then */
  constructor(limits: HysteresisLimits, sinceMs?: number) {
    this.#limits = limits;
    this.#sinceMs = sinceMs;
  }

  /** Seen, not seen, or neither. True when the problem came or went by it. */
  observe(seen: boolean | undefined, nowMs: number): boolean {
    if (seen === undefined || seen === (this.#sinceMs !== undefined)) {
      this.#count = 0;
      return false;
    }
    this.#count += 1;
    if (this.#count < (seen ? this.#limits.raiseAfter : this.#limits.clearAfter)) return false;
    this.#count = 0;
    this.#sinceMs = seen ? nowMs : undefined;
    return true;
  }

  /** Since when it is there. */
  get sinceMs(): number | undefined {
    return this.#sinceMs;
  }

  /** Forgets it. */
  clear(): void {
    this.#count = 0;
    this.#sinceMs = undefined;
  }
}

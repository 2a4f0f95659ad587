// Judges the snapshots of one camera as they come: frozen, black, covered, moved.
import { differenceOf, edgeMapOf, lightOf, likenessOf, meanOf, sharpnessOf } from './gray-picture.ts';
import { Hysteresis, judge } from './hysteresis.ts';

/** What was decoded of one picture. It is judged and forgotten: never stored, never sent. */
export interface Snapshot {
  /** See `picturePoints`. */
  readonly gray: Uint8Array;
  /** Without colours: the camera sees by infrared light. */
  readonly monochrome: boolean;
}

/** What a picture can have. */
export const pictureCodes = ['PICTURE_FROZEN', 'PICTURE_BLACK', 'PICTURE_COVERED', 'PICTURE_MOVED'] as const;

/** One of {@link pictureCodes}. */
export type PictureProblemCode = (typeof pictureCodes)[number];

/** Thresholds; 0 is never. */
export interface PictureLimits {
  /** Snapshots in a row before a problem comes or goes; twice as many before a move comes. */
  readonly inARow: number;
  /** Frozen: the mean difference from the snapshot before is less than this, of 255. */
  readonly frozenBelow: number;
  /** Black: 97 of 100 points are darker than this, of 255. */
  readonly blackBelow: number;
  /** Covered: cells differ from those around them by less than this on average, of 255. */
  readonly coveredBelow: number;
  /** Moved: the edges have less than this in common with each reference, of 1. */
  readonly movedBelow: number;
}

/** Where edges should be. */
export interface Reference {
  /** See `edgeMapOf`. */
  readonly edges: Uint8Array;
  /** By infrared light or lamps, which draw other edges than the day. */
  readonly night: boolean;
}

/** What is kept of a camera's pictures across restarts. Another object whenever something in it is new. */
export interface PictureMemory {
  /** Oldest first. */
  readonly references: readonly Reference[];
  readonly problems: readonly { readonly code: PictureProblemCode; readonly sinceMs: number }[];
}

/** Defaults, as measured on made pictures and on the loops of the simulator. */
export const defaultPictureLimits: PictureLimits = { inARow: 3, frozenBelow: 0.05, blackBelow: 32, coveredBelow: 1.2, movedBelow: 0.45 };

/** With less light a picture without edges is one without light, and no edges can be compared. */
const darkBelow = 64;
/** Pictures in colours that are darker on average are of the night. */
const nightBelow = 64;
/** The one that came by itself, and two that somebody said are right as well. */
const mostReferences = 3;

/** Watches one camera. */
export class PictureWatch {
  readonly #limits: PictureLimits;
  readonly #states: ReadonlyMap<PictureProblemCode, Hysteresis>;
  #memory: PictureMemory;
  #newest: { readonly snapshot: Snapshot; readonly takenMs: number; readonly showsPlace: boolean } | undefined;

  constructor(limits: PictureLimits, memory: PictureMemory = { references: [], problems: [] }) {
    this.#limits = limits;
    this.#memory = memory;
    const since = new Map(memory.problems.map(({ code, sinceMs }) => [code, sinceMs]));
    this.#states = new Map(pictureCodes.map((code) => [code, new Hysteresis({ raiseAfter: limits.inARow * (code === 'PICTURE_MOVED' ? 2 : 1), clearAfter: limits.inARow }, since.get(code))]));
  }

  /** What to keep: the references, and what is the matter since when. */
  get memory(): PictureMemory {
    return this.#memory;
  }

  /** When the newest snapshot was taken. */
  get takenMs(): number | undefined {
    return this.#newest?.takenMs;
  }

  /** The newest snapshot shows what it should; what it should show in the other light comes by itself. False when there is none that shows a place. */
  renew(): boolean {
    if (this.#newest?.showsPlace !== true) return false;
    const reference = referenceOf(this.#newest.snapshot);
    this.#states.get('PICTURE_MOVED')?.clear();
    this.#remember([...this.#memory.references.filter(({ night }) => night === reference.night), reference].slice(-mostReferences));
    return true;
  }

  /** A snapshot of a picture that was taken at this time. True when a problem came or went. */
  observe(snapshot: Snapshot, takenMs: number): boolean {
    const { frozenBelow, blackBelow, coveredBelow, movedBelow } = this.#limits;
    const before = this.#newest?.snapshot.gray;
    const light = lightOf(snapshot.gray);
    const dark = light < darkBelow;
    const blank = coveredBelow / sharpnessOf(snapshot.gray);
    const black = blackBelow === 0 ? 0 : Math.max(blackBelow / light, dark ? blank : 0);
    const showsPlace = !dark && blank < 1;
    this.#newest = { snapshot, takenMs, showsPlace };
    const seen: Readonly<Record<PictureProblemCode, boolean | undefined>> = {
      // Black is often the same as black.
      PICTURE_FROZEN: before && judge(dark ? 0 : frozenBelow / differenceOf(snapshot.gray, before)),
      PICTURE_BLACK: judge(black),
      PICTURE_COVERED: judge(dark ? 0 : blank),
      PICTURE_MOVED: showsPlace ? this.#moved(referenceOf(snapshot), movedBelow) : undefined,
    };
    const changed = pictureCodes.filter((code) => this.#states.get(code)?.observe(seen[code], takenMs));
    if (changed.length > 0) this.#remember();
    return changed.length > 0;
  }

  /** The first picture of a place, by day and by night, becomes its reference; not while it is said to be moved. */
  #moved(reference: Reference, movedBelow: number): boolean | undefined {
    const { references } = this.#memory;
    const isMoved = this.#states.get('PICTURE_MOVED')?.sinceMs !== undefined;
    if (!isMoved && !references.some(({ night }) => night === reference.night)) {
      this.#remember([...references, reference]);
      return false;
    }
    const likeness = Math.max(...references.map(({ edges }) => likenessOf(edges, reference.edges)), 0);
    return judge(movedBelow / likeness);
  }

  #remember(references = this.#memory.references): void {
    const problems = [...this.#states].flatMap(([code, { sinceMs }]) => (sinceMs === undefined ? [] : [{ code, sinceMs }]));
    this.#memory = { references, problems };
  }
}

function referenceOf({ gray, monochrome }: Snapshot): Reference {
  return { edges: edgeMapOf(gray), night: monochrome || meanOf(gray) < nightBelow };
}

// Keeps the picture of one camera at the same moment of the wall clock as another one's.

/** Where the leading picture is. */
export interface Lead {
  /** Wall clock of what it shows. */
  readonly atMs: number;
  readonly isPlaying: boolean;
  readonly speed: number;
}

/** Where the following one is; `targetSeconds` is where its media has the leader's moment, `targetMs` the wall clock there. */
export interface Follower {
  readonly atSeconds: number;
  readonly targetSeconds: number;
  readonly targetMs: number;
}

/** What the following one does. */
export type FollowStep =
  /** It has no footage of that moment. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'follow'; readonly rate: number; readonly play: boolean; readonly seek?: number };

/** Footage that begins this much later is not of that moment. */
const nearMs = 700;
/** Farther apart than this, it jumps. */
const jumpSeconds = 0.4;
/** Closer than this counts as the same moment: a picture's length at 25 a second. */
const sameSeconds = 0.04;
const gentle = 0.1;
/** No browser plays faster. */
const fastest = 16;

/** Decides; called a few times a second. */
export function follow(lead: Lead, { atSeconds, targetSeconds, targetMs }: Follower): FollowStep {
  if (Math.abs(targetMs - lead.atMs) > nearMs) return { kind: 'nothing' };
  const behind = targetSeconds - atSeconds;
  if (!lead.isPlaying) return { kind: 'follow', rate: lead.speed, play: false, ...(Math.abs(behind) > sameSeconds / 2 && { seek: targetSeconds }) };
  // The faster it plays, the farther apart two pictures are that belong together.
  if (Math.abs(behind) > jumpSeconds * Math.max(1, lead.speed)) return { kind: 'follow', rate: lead.speed, play: true, seek: targetSeconds };
  const correction = Math.abs(behind) <= sameSeconds ? 0 : Math.sign(behind) * gentle;
  return { kind: 'follow', rate: Math.min(fastest, lead.speed * (1 + correction)), play: true };
}

// Who is recorded while there is little room: the more important first. Pure.

/** A camera and how much it matters; 9 is the most. */
export interface Ranked {
  readonly id: string;
  readonly priority: number;
}

/** While only the reserve is left: whether a camera without footage is accepted. It is when it matters more than one that is recorded, which will stop before it. */
export function isAccepted(camera: Ranked, recorded: readonly Ranked[]): boolean {
  return recorded.some(({ priority }) => priority < camera.priority);
}

/** Which cameras stop next when the disk is full: all of the lowest priority, unless there is no higher one. */
export function stopNext(recorded: readonly Ranked[]): readonly string[] {
  const lowest = Math.min(...recorded.map(({ priority }) => priority));
  const highest = Math.max(...recorded.map(({ priority }) => priority));
  return lowest === highest ? [] : recorded.filter(({ priority }) => priority === lowest).map(({ id }) => id);
}

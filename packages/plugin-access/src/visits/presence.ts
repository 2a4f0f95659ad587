// Who of an outside visit is here. Article 13(1). In memory alone: after a restart everybody says anew that they are here.

interface Present {
  /** The console session at which they said so; its heartbeat keeps them. */
  readonly console: string;
  readonly sinceMs: number;
  seenMs: number;
}

/** Presence by request and visitor; it lapses by the clock. */
export class PresenceBook {
  readonly #lapsesAfterMs: number;
  readonly #now: () => number;
  readonly #byRequest = new Map<string, Map<string, Present>>();

  constructor(lapsesAfterMs: number, now: () => number) {
    this.#lapsesAfterMs = lapsesAfterMs;
    this.#now = now;
  }

  get lapsesAfterMs(): number {
    return this.#lapsesAfterMs;
  }

  /** Whoever confirms anew begins anew, wherever they were before. */
  confirm(request: string, visitor: string, console: string): void {
    const nowMs = this.#now();
    const persons = this.#byRequest.get(request) ?? new Map<string, Present>();
    persons.set(visitor, { console, sinceMs: nowMs, seenMs: nowMs });
    this.#byRequest.set(request, persons);
  }

  /** Heartbeat of a console. One whose presence has lapsed must confirm: a heartbeat brings nobody back. */
  keep(request: string, console: string): void {
    const nowMs = this.#now();
    for (const person of this.#byRequest.get(request)?.values() ?? []) if (person.console === console && this.#isHere(person, nowMs)) person.seenMs = nowMs;
  }

  leave(request: string, visitor: string): void {
    this.#byRequest.get(request)?.delete(visitor);
  }

  sinceMs(request: string, visitor: string): number | undefined {
    const person = this.#byRequest.get(request)?.get(visitor);
    return person && this.#isHere(person, this.#now()) ? person.sinceMs : undefined;
  }

  count(request: string): number {
    const nowMs = this.#now();
    let here = 0;
    for (const person of this.#byRequest.get(request)?.values() ?? []) if (this.#isHere(person, nowMs)) here++;
    return here;
  }

  /** Forgets those who are gone; answers the visits that changed. */
  sweep(): readonly string[] {
    const nowMs = this.#now();
    const changed: string[] = [];
    for (const [request, persons] of this.#byRequest) {
      const before = persons.size;
      for (const [visitor, person] of persons) if (!this.#isHere(person, nowMs)) persons.delete(visitor);
      if (persons.size < before) changed.push(request);
      if (persons.size === 0) this.#byRequest.delete(request);
    }
    return changed;
  }

  #isHere({ seenMs }: Present, nowMs: number): boolean {
    return nowMs - seenMs < this.#lapsesAfterMs;
  }
}

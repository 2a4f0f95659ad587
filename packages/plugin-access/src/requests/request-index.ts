// Ids of requests by what they are looked up for, so that no list reads them all.
import type { AccessRequest } from '@wanglou/core';

/** Ids in the order in which the requests were made. */
export class RequestIndex {
  readonly #open = new Set<string>();
  readonly #byRequester = new Map<string, string[]>();
  readonly #byUnit = new Map<string, string[]>();
  readonly #byCall = new Map<string, string>();

  /** Takes in a request, each younger than the one before. */
  add({ id, requester, needs, state }: AccessRequest, call: string | undefined): void {
    if (state === 'submitted') this.#open.add(id);
    push(this.#byRequester, requester, id);
    for (const { unit } of needs) push(this.#byUnit, unit, id);
    if (call !== undefined) this.#byCall.set(call, id);
  }

  /** A request that was amended, or that other rules judge, may be judged by further units. */
  addUnits({ id, needs }: AccessRequest, before: AccessRequest): void {
    for (const { unit } of needs) if (!before.needs.some((step) => step.unit === unit)) push(this.#byUnit, unit, id);
  }

  settle(id: string): void {
    this.#open.delete(id);
  }

  /** Requests that are not settled, oldest first. */
  open(): Iterable<string> {
    return this.#open;
  }

  /** Newest first. */
  ofRequester(person: string): Iterable<string> {
    return backwards(this.#byRequester.get(person) ?? []);
  }

  /** Requests that a unit judges, newest first. */
  ofUnit(unit: string): Iterable<string> {
    return backwards(this.#byUnit.get(unit) ?? []);
  }

  /** The request that a call of `request.submit` made. */
  ofCall(call: string): string | undefined {
    return this.#byCall.get(call);
  }
}

function push(map: Map<string, string[]>, key: string, id: string): void {
  const list = map.get(key);
  if (list) list.push(id);
  else map.set(key, [id]);
}

function* backwards(ids: readonly string[]): Iterable<string> {
  for (let index = ids.length - 1; index >= 0; index--) yield ids[index]!;
}

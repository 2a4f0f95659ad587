// What is registered now: services, handlers, contributions.
import type { Handler } from '../plugin.ts';
import type { ExtensionPoint, Operation } from '../refs.ts';
import type { Disposer } from '../scope.ts';

/** Who registered what. */
export interface Owned<T> {
  readonly owner: string;
  readonly value: T;
}

/** A handler with its operation. Never leaves the kernel. */
export interface Registration {
  readonly operation: Operation<any, any>;
  readonly handler: Handler<any, any>;
}

interface Follower {
  readonly added: (value: any) => void;
  readonly removed: ((value: any) => void) | undefined;
}

/** Contributions to extension points, and who follows them. */
export class Contributions {
  readonly #values = new Map<string, Set<Owned<unknown>>>();
  readonly #followers = new Map<string, Set<Follower>>();

  add<T>(point: ExtensionPoint<T>, owner: string, value: T): Disposer {
    const contribution: Owned<unknown> = { owner, value };
    setFor(this.#values, point.id).add(contribution);
    for (const follower of [...setFor(this.#followers, point.id)]) follower.added(value);
    return () => {
      if (!setFor(this.#values, point.id).delete(contribution)) return;
      for (const follower of [...setFor(this.#followers, point.id)]) follower.removed?.(value);
    };
  }

  values<T>(point: ExtensionPoint<T>): readonly T[] {
    return [...setFor(this.#values, point.id)].map((contribution) => contribution.value as T);
  }

  follow<T>(point: ExtensionPoint<T>, added: (value: T) => void, removed: ((value: T) => void) | undefined): Disposer {
    const follower: Follower = { added, removed };
    const followers = setFor(this.#followers, point.id).add(follower);
    for (const value of this.values(point)) added(value);
    return () => void followers.delete(follower);
  }

  get size(): number {
    return [...this.#values.values(), ...this.#followers.values()].reduce((count, set) => count + set.size, 0);
  }
}

function setFor<T>(map: Map<string, Set<T>>, id: string): Set<T> {
  const set = map.get(id) ?? new Set<T>();
  map.set(id, set);
  return set;
}

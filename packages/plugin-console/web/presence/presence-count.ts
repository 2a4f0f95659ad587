// How many of a visit are here.
import type { Presence } from '@wanglou/plugin-access/contract';

/** Persons who are here, and persons in all. */
export function countPresence({ persons }: Pick<Presence, 'persons'>): { readonly here: number; readonly all: number } {
  return { here: persons.filter(({ present }) => present).length, all: persons.length };
}

/** Whether somebody confirmed: then the console keeps presence alive. */
export function isAnybodyHere(presence: Pick<Presence, 'persons'>): boolean {
  return countPresence(presence).here > 0;
}

/** Whether nobody is missing. */
export function isComplete(presence: Pick<Presence, 'persons'>): boolean {
  const { here, all } = countPresence(presence);
  return here === all;
}

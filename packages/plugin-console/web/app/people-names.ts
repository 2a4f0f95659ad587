// Names of people, for those who may see the list of them. Read once, when a page first asks.
import { useMemo } from 'react';
import type { Person } from '@wanglou/core';
import { useDesk } from './context.ts';
import { useOperation } from './use-operation.ts';

/** People whose names the reader may see; empty where they may see none but their own. */
export interface PeopleNames {
  readonly people: readonly Pick<Person, 'id' | 'name'>[];
  /** Name of a person, where it is known. */
  nameOf(id: string): string | undefined;
}

/** Most that one reading answers. */
const mostPeople = 500;

/** Reads the people, where the reader may list them. */
export function usePeopleNames(): PeopleNames {
  const { session } = useDesk();
  const listed = useOperation('person.list', session.actions.includes('configure') ? { limit: mostPeople } : undefined);
  const people = useMemo(() => listed.data?.people ?? [session.person], [listed.data, session.person]);
  const names = useMemo(() => new Map(people.map(({ id, name }) => [id, name])), [people]);
  return useMemo(() => ({ people, nameOf: (id) => names.get(id) }), [people, names]);
}

// Who of the outside visits is here, kept alive while the page can be seen. Article 13(1).
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Presence } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { isAnybodyHere } from './presence-count.ts';

/** What is known of presence, by request. */
export interface PresenceBook {
  of(request: string): Presence | undefined;
  /** Keeps what an act answered. */
  keep(presence: Presence): void;
}

const PresenceContext = createContext<PresenceBook | undefined>(undefined);
/** Heartbeat of a console at which visitors are; the server lets presence lapse after twice that. */
const beatMs = 15_000;

/** What is known of presence. */
export function usePresenceBook(): PresenceBook {
  const book = useContext(PresenceContext);
  if (!book) throw new Error('usePresenceBook is used outside of a signed-in page');
  return book;
}

/** Keeps presence for the pages below. A page that is hidden sends nothing, so that presence lapses with those who left. */
export function PresenceProvider({ children }: { readonly children: ReactNode }) {
  const { client } = useApp();
  const { feed } = useDesk();
  const [known, setKnown] = useState<ReadonlyMap<string, Presence>>(new Map());
  const keep = useCallback((presence: Presence) => setKnown((before) => new Map(before).set(presence.request, presence)), []);
  const alive = [...known.values()].filter(isAnybodyHere).map(({ request }) => request);
  const aliveKey = alive.join(' ');

  useEffect(() => {
    if (aliveKey === '') return undefined;
    const beat = () => {
      if (document.hidden) return;
      // A lost beat is made up for by the next; what pauses meanwhile goes on by itself.
      for (const request of aliveKey.split(' ')) void client.read('presence.keep', { request }).then(keep, () => undefined);
    };
    const timer = setInterval(beat, beatMs);
    document.addEventListener('visibilitychange', beat);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', beat);
    };
  }, [client, keep, aliveKey]);
  useEffect(
    () =>
      feed.on('presence', ({ request, present }) =>
        setKnown((before) => {
          const presence = before.get(request);
          if (!presence) return before;
          return new Map(before).set(request, { ...presence, persons: presence.persons.map((person) => ({ ...person, present: present.includes(person.visitor) })) });
        }),
      ),
    [feed],
  );
  const book = useMemo<PresenceBook>(() => ({ of: (request) => known.get(request), keep }), [known, keep]);
  return <PresenceContext.Provider value={book}>{children}</PresenceContext.Provider>;
}

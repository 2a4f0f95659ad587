// What the operations are called, in the reader's language. Until it is known, an id stands for itself.
import { useEffect, useState } from 'react';
import { useApp } from './context.ts';

const ofSession = ['session.sign-in', 'session.sign-out', 'session.begin-oidc', 'session.finish-oidc'] as const;

/** Name of an operation by its id. */
export function useOperationNames(): ReadonlyMap<string, string> {
  const { client, words } = useApp();
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const controller = new AbortController();
    // A page without the names still shows the ids.
    client.operationNames(controller.signal).then(
      // The session has routes of its own, which the description leaves out.
      (described) => setNames(new Map([...described, ...ofSession.map((id) => [id, words.t(`operation.${id}`)] as const)])),
      () => undefined,
    );
    return () => controller.abort();
  }, [client, words]);
  return names;
}

// After sign-in the browser proves by itself at which workstation it stands, where it holds a key. Article 9(4).
import { useEffect } from 'react';
import type { Client } from '../api/client.ts';
import { useApp, useDesk } from '../app/context.ts';
import { canHoldKey, readKey, signChallenge } from './device-key.ts';

/** Signs the server's challenge with this browser's key. `false` without a key. Rejects with `ENROLMENT_INVALID` where the key counts no more. */
export async function proveWorkstation(client: Client): Promise<boolean> {
  const key = canHoldKey() ? await readKey().catch(() => undefined) : undefined;
  if (!key) return false;
  const { nonce } = await client.read('workstation.challenge', {});
  await client.read('workstation.prove', { workstation: key.workstation, nonce, signature: await signChallenge(key, nonce) });
  return true;
}

/** Proves the workstation once for each session. Shows nothing: the account page says how it went. */
export function WorkstationProof() {
  const { client } = useApp();
  const { session, readSession } = useDesk();
  const known = session.workstation !== undefined;
  useEffect(() => {
    if (known) return;
    // A key that counts no more refuses nothing by itself: the rules answer where a workstation is needed.
    void proveWorkstation(client).then((proved) => (proved ? readSession() : undefined), () => undefined);
  }, [client, known, readSession]);
  return undefined;
}

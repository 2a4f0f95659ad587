// Presence of the visit beside its footage: closed once everybody is here, open while somebody is missing.
import { useEffect, useState } from 'react';
import { useApp } from '../app/context.ts';
import { countPresence, isComplete } from '../presence/presence-count.ts';
import { PresencePanel } from '../presence/presence-panel.tsx';
import { usePresenceBook } from '../presence/presence-provider.tsx';

/** A line that opens to the persons of the visit. */
export function PresenceBar({ request }: { readonly request: string }) {
  const { words } = useApp();
  const presence = usePresenceBook().of(request);
  const complete = presence !== undefined && isComplete(presence);
  const [open, setOpen] = useState(true);
  useEffect(() => setOpen(!complete), [complete]);
  const count = presence ? words.t('presence.count', countPresence(presence)) : '';
  return (
    <details className="presence-bar" open={open} onToggle={(event) => setOpen(event.currentTarget.open)} data-testid="presence-bar">
      <summary>
        {words.t('presence.title')} <b className="figures">{count}</b>
      </summary>
      <PresencePanel request={request} />
    </details>
  );
}

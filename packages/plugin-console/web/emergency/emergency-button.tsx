// The way into an emergency, on the wall, where the pack knows emergencies and the person may take one.
import { lazy, Suspense, useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { Button } from '../kit/button.tsx';

const EmergencyDialog = lazy(() => import('./emergency-dialog.tsx'));

/** A button; nothing where there are no emergencies. */
export function EmergencyButton({ cameras }: { readonly cameras: readonly string[] }) {
  const { words } = useApp();
  const { campus, session } = useDesk();
  const [open, setOpen] = useState(false);
  if (!campus.emergency || !session.actions.includes('emergency')) return undefined;
  return (
    <>
      <Button look="danger" icon="bolt" onClick={() => setOpen(true)} data-testid="emergency-open">
        {words.t('emergency.title')}
      </Button>
      {open && (
        <Suspense>
          <EmergencyDialog rules={campus.emergency} cameras={cameras} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

// Rebuilds the catalogue from what lies on a storage, and says what was found there.
import { useState } from 'react';
import { useApp } from '../app/context.ts';
import { ActForm } from '../kit/act-form.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { TargetField, type TargetChoice } from './target-field.tsx';

interface AdoptDialogProps {
  readonly targets: readonly TargetChoice[];
  readonly onClose: () => void;
  readonly onAdopted: () => void;
}

interface Found {
  readonly adopted: number;
  readonly refused: readonly string[];
}

/** The form, and then what was found. */
export function AdoptDialog({ targets, onClose, onAdopted }: AdoptDialogProps) {
  const { words, client } = useApp();
  const [target, setTarget] = useState(targets[0]?.id ?? '');
  const [found, setFound] = useState<Found>();
  const adopt = async () => {
    const { adopted, refused } = await client.call('recording.adopt-archives', { target });
    setFound({ adopted: adopted.length, refused });
    onAdopted();
  };
  if (found === undefined) {
    return (
      <ActForm title={words.t('archive.adopt')} confirm={words.t('archive.adopt')} testId="archive-adopt" ready={target !== ''} onConfirm={adopt} onClose={onClose}>
        <p>{words.t('archive.adopt-hint')}</p>
        <TargetField targets={targets} target={target} onChange={setTarget} />
      </ActForm>
    );
  }
  return (
    <Dialog title={words.t('archive.adopt')} onClose={onClose}>
      <p data-testid="archive-adopted">{words.t(found.adopted === 0 ? 'archive.adopted-none' : 'archive.adopted', { count: found.adopted })}</p>
      {found.refused.length > 0 && (
        <>
          <p>{words.t('archive.refused')}</p>
          <ul data-testid="archive-refused">
            {found.refused.map((folder) => (
              <li key={folder}>
                <code>{folder}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="row end">
        <Button look="primary" onClick={onClose} data-testid="archive-adopt-close">
          {words.t('button.close')}
        </Button>
      </div>
    </Dialog>
  );
}

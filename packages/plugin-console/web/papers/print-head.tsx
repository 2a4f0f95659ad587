// The head of a list on paper: whose, what, printed by whom and when, the checkpoint, and a code that opens the same list.
import type { ReactNode } from 'react';
import type { OutputOf } from '../api/operations.ts';
import { useApp, useDesk } from '../app/context.ts';
import { QrCode } from '../kit/qr-code.tsx';
import { CheckpointLine } from './newest-checkpoint.tsx';

interface PrintHeadProps {
  readonly newest: OutputOf<'audit.checkpoint'> | undefined;
  /** How many lines follow. */
  readonly count: number;
  /** What is listed, where the title does not say it all. */
  readonly children?: ReactNode;
}

/** Seen on paper alone. */
export function PrintHead({ newest, count, children }: PrintHeadProps) {
  const { words, now } = useApp();
  const { campus, formats, session } = useDesk();
  return (
    <div className="print-only print-head" data-testid="print-head">
      <div>
        <p>
          {words.text(campus.name)} · {words.text(campus.pack.title)}
        </p>
        {children}
        <p className="figures">{words.t('register.printed', { person: session.person.name, moment: formats.moment(now()), count })}</p>
        {newest && <CheckpointLine {...newest} />}
      </div>
      <QrCode text={location.href} name={words.t('paper.qr')} />
    </div>
  );
}

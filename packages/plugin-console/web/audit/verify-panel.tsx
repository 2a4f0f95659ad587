// Checks the whole log and shows what was found; gives the checkpoint that outsiders keep.
import { useState } from 'react';
import type { Checkpoint, Verification } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { shortHash } from '../i18n/format.ts';
import { Button } from '../kit/button.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { downloadText } from '../register/download.ts';

/** Verifies on demand. */
export function VerifyPanel() {
  const { words, client, now } = useApp();
  const { formats } = useDesk();
  const [found, setFound] = useState<{ readonly verification: Verification; readonly atMs: number }>();
  const [taken, setTaken] = useState<Checkpoint>();
  const act = useAct();
  const verify = () =>
    act.run(async () => {
      setFound(undefined);
      const verification = await client.call('audit.verify', {});
      setFound({ verification, atMs: now() });
      setTaken(verification.checkpoint);
    });
  const take = () => act.run(async () => setTaken((await client.call('audit.checkpoint', {})).checkpoint));
  return (
    <section className="verify" aria-label={words.t('audit.verify')}>
      <div className="row">
        <Button look="primary" icon="audit" busy={act.busy} onClick={() => void verify()} data-testid="audit-verify">
          {words.t('audit.verify')}
        </Button>
        <Button busy={act.busy} onClick={() => void take()} data-testid="audit-checkpoint">
          {words.t('audit.take-checkpoint')}
        </Button>
        {found && <Found verification={found.verification} at={formats.moment(found.atMs)} />}
        {!found && !act.busy && <span className="faint">{words.t('audit.not-verified')}</span>}
      </div>
      {act.problem && <Failure problem={act.problem} onRetry={() => void verify()} />}
      {taken && (
        <div className="row checkpoint">
          <span className="faint">{words.t('audit.checkpoint')}</span>
          <span className="figures">{words.t('audit.checkpoint-size', { size: taken.size })}</span>
          <code title={taken.root}>{shortHash(taken.root)}</code>
          <span className="faint figures">{formats.moment(taken.atMs)}</span>
          <CopyButton label={words.t('button.copy')} text={() => taken.note} />
          <Button look="quiet" icon="download" onClick={() => downloadText(`checkpoint-${taken.size}.txt`, 'text/plain', taken.note)}>
            {words.t('button.download')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Found({ verification, at }: { readonly verification: Verification; readonly at: string }) {
  const { words } = useApp();
  if (verification.ok) {
    return (
      <span className="verified good" role="status" data-testid="audit-result" data-ok="true">
        <Icon name="check" />
        {words.t('audit.ok', { size: verification.size, at })}
      </span>
    );
  }
  return (
    <span className="verified broken" role="alert" data-testid="audit-result" data-ok="false">
      <Icon name="warn" />
      {verification.broken ? words.t('audit.broken', { seq: verification.broken.seq, reason: words.text(verification.broken.reason) }) : words.t('audit.broken-unknown')}
    </span>
  );
}

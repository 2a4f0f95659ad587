// What the holder of a grant can do with it: ask for more time, or give it back.
import { useState } from 'react';
import type { Grant } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { useNow } from '../app/use-now.ts';
import { ReasonDialog } from '../inbox/reason-dialog.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Failure } from '../kit/states.tsx';
import { useToast } from '../kit/toast.tsx';
import { isUsable } from './grant-state.ts';

interface GrantToolsProps {
  readonly grant: Grant;
  readonly onChanged?: (grant: Grant) => void;
}

/** Buttons for a grant of one's own that can still be used. */
export function GrantTools({ grant, onChanged }: GrantToolsProps) {
  const { words, client } = useApp();
  const [asking, setAsking] = useState<'extend' | 'end'>();
  const say = useToast();
  const extend = async (reason: string) => {
    await client.call('request.extend', { grant: grant.id, reason });
    setAsking(undefined);
    say(words.t('grant.extend-sent'));
  };
  if (!isUsable(grant, useNow(1000)) || grant.emergency) return undefined;
  return (
    <>
      <Button icon="clock" onClick={() => setAsking('extend')} data-testid="grant-extend">
        {words.t('grant.extend')}
      </Button>
      <Button onClick={() => setAsking('end')} data-testid="grant-end">
        {words.t('grant.end')}
      </Button>
      {asking === 'extend' && <ReasonDialog title={words.t('grant.extend')} confirm={words.t('grant.extend-send')} testId="grant-extend" hint={words.t('grant.extend-hint')} look="primary" onConfirm={extend} onClose={() => setAsking(undefined)} />}
      {asking === 'end' && <EndDialog grant={grant} onEnded={(ended) => (setAsking(undefined), onChanged?.(ended))} onClose={() => setAsking(undefined)} />}
    </>
  );
}

function EndDialog({ grant, onEnded, onClose }: { readonly grant: Grant; readonly onEnded: (grant: Grant) => void; readonly onClose: () => void }) {
  const { words, client } = useApp();
  const act = useAct();
  const say = useToast();
  const end = () =>
    act.run(async () => {
      const ended = await client.call('grant.end', { grant: grant.id });
      say(words.t('grant.end-done'));
      onEnded(ended);
    });
  return (
    <Dialog title={words.t('grant.end')} onClose={onClose}>
      <p>{words.t('grant.end-warning')}</p>
      {act.problem && <Failure problem={act.problem} />}
      <div className="row end">
        <Button onClick={onClose}>{words.t('button.cancel')}</Button>
        <Button look="primary" busy={act.busy} onClick={() => void end()} data-testid="grant-end-confirm">
          {words.t('grant.end')}
        </Button>
      </div>
    </Dialog>
  );
}

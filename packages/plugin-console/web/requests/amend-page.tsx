// Changes a request while it waits. Approvals that were given are void: they were bound to what was asked.
import { useState, type FormEvent } from 'react';
import type { AccessRequest } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { navigate, usePlace } from '../app/router.tsx';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { draftFromRequest, draftIssues, toPreviewInput, toRequestInput } from './request-draft.ts';
import { RequestFields } from './request-fields.tsx';

/** Reads the request of the address and offers its content. */
export default function AmendPage() {
  const { words } = useApp();
  const request = usePlace().path.split('/')[2] ?? '';
  const loaded = useOperation('request.read', { request });
  return (
    <div className="page narrow">
      <header className="page-head">
        <h1>{words.t('page.amend')}</h1>
      </header>
      <Loading loaded={loaded}>{(data) => <AmendForm key={data.request.sha256} request={data.request} onStale={loaded.reload} />}</Loading>
    </div>
  );
}

function AmendForm({ request, onStale }: { readonly request: AccessRequest; readonly onStale: () => void }) {
  const { words, client } = useApp();
  const [draft, setDraft] = useState(() => draftFromRequest(request));
  const [checked, setChecked] = useState(false);
  const act = useAct();
  const say = useToast();
  const approvals = request.reviews.filter(({ verdict }) => verdict === 'approve').length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (draftIssues(draft).length > 0) return;
    void act.run(async () => {
      await client.call('request.amend', { ...toRequestInput(draft), request: request.id, sha256: request.sha256 });
      say(words.t('amend.sent'));
      navigate('/requests');
    });
  };
  if (request.state !== 'submitted' || request.visit) return <Notice>{words.t(request.visit ? 'amend.visit' : 'amend.settled')}</Notice>;
  return (
    <form className="request-form" data-testid="amend-form" onSubmit={submit} noValidate>
      <Notice tone={approvals > 0 ? 'waiting' : 'plain'} icon="warn" data-testid="amend-voids">
        {approvals > 0 ? words.t('amend.voids', { count: approvals }) : words.t('amend.anew')}
      </Notice>
      <RequestFields draft={draft} issues={checked ? draftIssues(draft) : []} onChange={(changes) => setDraft((before) => ({ ...before, ...changes }))} />
      <PreviewPanel input={toPreviewInput(draft)} />
      {act.problem && <Failure problem={act.problem} onRetry={act.problem.code === 'REQUEST_CHANGED' ? onStale : undefined} />}
      <div className="row end">
        <Button onClick={() => history.back()}>{words.t('button.cancel')}</Button>
        <Button type="submit" look="primary" busy={act.busy} data-testid="amend-submit">
          {words.t('amend.submit')}
        </Button>
      </div>
    </form>
  );
}

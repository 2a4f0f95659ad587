// The request form. Article 10: who needs footage asks; article 11: a copy names where it goes.
import { useState, type FormEvent } from 'react';
import { useApp } from '../app/context.ts';
import { Link, navigate, usePlace } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { useToast } from '../kit/toast.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { RequestFields } from './request-fields.tsx';
import { draftFromQuery, draftIssues, toPreviewInput, toRequestInput, type RequestDraft } from './request-draft.ts';

/** Asks for footage. */
export default function RequestFormPage() {
  const { words, client } = useApp();
  const { query } = usePlace();
  const [draft, setDraft] = useState<RequestDraft>(() => draftFromQuery(query));
  const [checked, setChecked] = useState(false);
  const act = useAct();
  const say = useToast();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (draftIssues(draft).length > 0) return;
    void act.run(async () => {
      await client.call('request.submit', toRequestInput(draft));
      say(words.t('request.sent'));
      navigate('/requests');
    });
  };
  return (
    <form className="page narrow request-form" data-testid="request-form" onSubmit={submit} noValidate>
      <header className="page-head">
        <div className="row">
          <h1>{words.t('page.request-form')}</h1>
          <div className="grow" />
          <Link className="button quiet" to={`/visits/new${location.search}`}>
            {words.t('page.visit')}
          </Link>
        </div>
        <p className="faint">{words.t('request.intro')}</p>
      </header>
      <RequestFields draft={draft} issues={checked ? draftIssues(draft) : []} onChange={(changes) => setDraft((before) => ({ ...before, ...changes }))} />
      <PreviewPanel input={toPreviewInput(draft)} />
      {act.problem && <Failure problem={act.problem} />}
      <div className="row end">
        <Button onClick={() => history.back()}>{words.t('button.cancel')}</Button>
        <Button type="submit" look="primary" icon="request" busy={act.busy} data-testid="request-submit">
          {words.t('request.submit')}
        </Button>
      </div>
    </form>
  );
}

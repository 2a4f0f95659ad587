// The buttons that check the log and take it away, with how far a check is and what it found.
import { useState } from 'react';
import type { AuditFilters } from '@wanglou/plugin-audit/contract';
import { mediaUrl } from '../api/client.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import type { CheckState, LogCheckControls } from './check/use-log-check.ts';

/** Checks and takes away. */
export function CheckBar({ check, filters, onPrint, printing, canPrint }: { readonly check: LogCheckControls; readonly filters: AuditFilters; readonly onPrint: () => void; readonly printing: boolean; readonly canPrint: boolean }) {
  const { words, client } = useApp();
  const act = useAct();
  const [file, setFile] = useState<{ readonly address: string; readonly name: string }>();
  const running = check.state.kind === 'running';
  const take = (open: () => Promise<{ readonly lease: string }>, path: string, name: string) =>
    act.run(async () => {
      const address = mediaUrl((await open()).lease, path);
      setFile({ address, name });
      save(address, name);
    });
  const takeBundle = () => take(() => client.call('audit.open', {}), 'bundle.zip', 'audit-log.zip');
  const takeEvents = () => take(() => client.call('audit.export', filters), 'audit.ocsf.jsonl', 'audit.ocsf.jsonl');
  return (
    <div className="check-bar screen-only">
      <div className="row">
        <Button look="primary" icon="audit" busy={running && check.state.kind === 'running' && check.state.where === 'browser'} disabled={running} onClick={check.inBrowser} data-testid="audit-verify-browser">
          {words.t('check.in-browser')}
        </Button>
        <Button icon="server" busy={check.state.kind === 'running' && check.state.where === 'server'} disabled={running} onClick={check.inServer} data-testid="audit-verify">
          {words.t('check.in-server')}
        </Button>
        <div className="grow" />
        <Button icon="download" busy={act.busy} onClick={() => void takeBundle()} data-testid="audit-bundle">
          {words.t('audit.bundle')}
        </Button>
        <Button icon="download" busy={act.busy} onClick={() => void takeEvents()} data-testid="audit-export">
          {words.t('audit.ocsf')}
        </Button>
        <Button icon="print" busy={printing} disabled={!canPrint} onClick={onPrint} data-testid="audit-print">
          {words.t('button.print')}
        </Button>
      </div>
      {act.problem && <Failure problem={act.problem} />}
      {file && (
        <Notice tone="good" role="status" data-testid="audit-file">
          {words.t('audit.file-ready')}{' '}
          <a href={file.address} download={file.name}>
            {file.name}
          </a>
        </Notice>
      )}
      <Progress state={check.state} onCancel={check.cancel} />
      <Found check={check} />
    </div>
  );
}

/** A link, as a click on it: the browser takes the file over its own session. */
function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}

function Progress({ state, onCancel }: { readonly state: CheckState; readonly onCancel: () => void }) {
  const { words } = useApp();
  if (state.kind !== 'running') return undefined;
  const { index, size } = state;
  const isCounted = index !== undefined && size !== undefined;
  return (
    <div className="row check-progress" data-testid="check-progress">
      <progress aria-label={words.t('check.progress')} {...(isCounted && { value: index, max: Math.max(1, size) })} />
      <span className="figures">{isCounted ? words.t('check.counted', { index, size }) : words.t('check.opening')}</span>
      <Button onClick={onCancel} data-testid="check-cancel">
        {words.t('button.cancel')}
      </Button>
    </div>
  );
}

function Found({ check: { state, inBrowser, forget } }: { readonly check: LogCheckControls }) {
  const { words } = useApp();
  const { formats } = useDesk();
  if (state.kind === 'failed') {
    if (state.problem) return <Failure problem={state.problem} onRetry={inBrowser} />;
    return (
      <Notice tone="waiting" icon="warn" role="alert" data-testid="check-failed">
        <p>{state.text && words.text(state.text)}</p>
        <Button icon="retry" onClick={inBrowser}>
          {words.t('button.retry')}
        </Button>
      </Notice>
    );
  }
  if (state.kind !== 'done') return undefined;
  const { check, kept } = state;
  const { more } = check;
  return (
    <Notice tone={check.state === 'broken' ? 'refused' : check.state === 'good' ? 'good' : 'waiting'} icon={check.state === 'broken' ? 'warn' : check.state === 'good' ? 'check' : 'clock'} role="status" data-testid="check-found" data-state={check.state} data-where={check.where}>
      <p>{words.t(check.state === 'broken' ? 'check.broken' : check.where === 'browser' ? 'check.whole-browser' : 'check.whole-server', { size: check.size, at: formats.moment(check.atMs) })}</p>
      {check.where === 'browser' && check.state !== 'broken' && <p data-testid="check-since">{kept ? words.t('check.consistent', { moment: formats.moment(kept.atMs), size: kept.size }) : words.t('check.kept-now')}</p>}
      {more && check.state !== 'broken' && (more.gapCount > 0 || more.clockStepCount > 0 || more.pruned > 0) && <p className="figures">{words.t('check.more', { gaps: more.gapCount, steps: more.clockStepCount, pruned: more.pruned })}</p>}
      {check.where === 'browser' && check.state === 'broken' && kept && (
        <>
          <p>{words.t('check.against-kept', { moment: formats.moment(kept.atMs), size: kept.size })}</p>
          <Button onClick={forget} data-testid="check-forget">
            {words.t('check.forget')}
          </Button>
        </>
      )}
      {check.where === 'server' && <p className="faint">{words.t('check.server-about')}</p>}
    </Notice>
  );
}

// The strip over the list: how the chain stands, the last 24 hours, witnesses, reconciliation and time stamp.
import { useState } from 'react';
import type { AuditStatus, Reconciliation } from '@wanglou/plugin-audit/contract';
import { useApp, useDesk } from '../app/context.ts';
import type { Loaded } from '../app/use-operation.ts';
import { useNow } from '../app/use-now.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Icon, type IconName } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { Status } from '../kit/status.tsx';
import { downloadText } from '../register/download.ts';
import { chainTone, isLate, rootStart, type ChainTone } from './chain-state.ts';
import { ChainDetails } from './chain-details.tsx';
import { DayStrip } from './day-strip.tsx';
import type { LogCheck } from './check/log-check.ts';

interface ChainStripProps {
  readonly status: Loaded<AuditStatus>;
  readonly check: LogCheck | undefined;
  /** Goes to an entry. */
  readonly onJump: (seq: number) => void;
}

const icons: Readonly<Record<ChainTone, IconName>> = { good: 'check', waiting: 'clock', broken: 'warn', plain: 'chain' };

/** Shows how the chain stands. */
export function ChainStrip({ status, check, onJump }: ChainStripProps) {
  const { words } = useApp();
  const [open, setOpen] = useState(false);
  /** A comparison that was asked for here counts as much as the hourly one. */
  const [compared, setCompared] = useState<Reconciliation>();
  const state = status.data && { ...status.data, ...(compared && { reconciled: compared }) };
  const tone = chainTone(state, check);
  return (
    <section className={`chain ${tone}`} aria-label={words.t('chain.name')} data-testid="chain" data-tone={tone}>
      <div className="chain-head">
        <Icon name={icons[tone]} size={20} />
        <div className="chain-words" role={tone === 'broken' ? 'alert' : 'status'}>
          <ChainWords status={status.data} check={check} onJump={onJump} />
        </div>
        <IconButton icon="retry" name={words.t('chain.reload')} onClick={status.reload} disabled={status.loading} />
        <Button look="quiet" icon={open ? 'minus' : 'plus'} aria-expanded={open} onClick={() => setOpen(!open)} data-testid="chain-details">
          {words.t('audit.detail')}
        </Button>
      </div>
      {status.problem && !status.data && <Failure problem={status.problem} onRetry={status.reload} />}
      {status.data && <DayStrip gaps={status.data.gaps} />}
      {open && state && <ChainDetails status={state} onCompared={setCompared} />}
      {open && status.data && <CheckpointTools status={status.data} />}
    </section>
  );
}

function ChainWords({ status, check, onJump }: { readonly status: AuditStatus | undefined } & Pick<ChainStripProps, 'check' | 'onJump'>) {
  const { words } = useApp();
  const { formats } = useDesk();
  const nowMs = useNow(1000);
  if (check?.state === 'broken') {
    const { broken, problem } = check;
    return (
      <>
        <b>{broken ? words.t(broken.exact ? 'chain.broken' : 'chain.broken-from', { seq: broken.seq }) : words.t('chain.broken-unknown')}</b>
        <span data-testid="chain-reason">{broken ? words.text(broken.reason) : problem && words.text(problem)}</span>
        {broken && (
          <Button icon="forward" onClick={() => onJump(broken.seq)} data-testid="chain-jump">
            {words.t('chain.jump', { seq: broken.seq })}
          </Button>
        )}
      </>
    );
  }
  const root = check?.root ?? status?.checkpoint.root;
  const size = check?.size ?? status?.checkpoint.size;
  const witnesses = check && check.cosigned.length > 0 ? check.cosigned : (status?.witnessed ?? status?.checkpoint)?.cosigned;
  return (
    <>
      <b>{check ? words.t(check.where === 'browser' ? 'chain.verified-browser' : 'chain.verified-server', { seq: Math.max(0, check.size - 1) }) : words.t(size === undefined ? 'chain.name' : 'chain.unverified', { size: size ?? 0 })}</b>
      {root !== undefined && (
        <span>
          {words.t('chain.root')} <code title={root}>{rootStart(root)}</code>
        </span>
      )}
      {status && <span>{status.hasQuorum ? words.t('chain.witnessed-by', { names: witnesses && witnesses.length > 0 ? words.list(witnesses) : '—' }) : words.t('chain.no-witness')}</span>}
      {(check ?? status) !== undefined && <span className="figures">{words.t('chain.ago', { length: formats.length(Math.max(0, nowMs - (check?.atMs ?? status?.checkpoint.atMs ?? nowMs))) })}</span>}
      {status && isLate(status) && <LateWitnesses status={status} />}
      {check?.state === 'unwitnessed' && check.problem && (
        <Status tone="waiting" icon="clock">
          {words.text(check.problem)}
        </Status>
      )}
    </>
  );
}

function LateWitnesses({ status: { lagMs, witnesses } }: { readonly status: AuditStatus }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const absent = witnesses.filter(({ problem }) => problem).map(({ name }) => name);
  return (
    <Status tone="waiting" icon="clock">
      {words.list([...(lagMs > 0 ? [words.t('chain.late', { length: formats.length(lagMs) })] : []), ...(absent.length > 0 ? [words.t('chain.witness-problems', { names: words.list(absent) })] : [])])}
    </Status>
  );
}

/** The checkpoint that outsiders keep. */
function CheckpointTools({ status: { checkpoint, vkey } }: { readonly status: AuditStatus }) {
  const { words } = useApp();
  const { formats } = useDesk();
  return (
    <div className="row checkpoint">
      <span className="faint">{words.t('audit.checkpoint')}</span>
      <span className="figures">{words.t('audit.checkpoint-size', { size: checkpoint.size })}</span>
      <span className="faint figures">{formats.moment(checkpoint.atMs)}</span>
      <CopyButton label={words.t('chain.copy-checkpoint')} text={() => checkpoint.note} />
      <Button look="quiet" icon="download" onClick={() => downloadText(`checkpoint-${checkpoint.size}.txt`, 'text/plain', checkpoint.note)} data-testid="audit-checkpoint">
        {words.t('chain.download-checkpoint')}
      </Button>
      <CopyButton label={words.t('chain.copy-key')} text={() => vkey} />
    </div>
  );
}

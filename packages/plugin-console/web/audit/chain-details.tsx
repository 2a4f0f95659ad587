// Witnesses one by one, served leases against the log, the time stamp, what was pruned.
import type { AuditStatus, Reconciliation, WitnessStatus } from '@wanglou/plugin-audit/contract';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { Failure } from '../kit/states.tsx';
import { Status } from '../kit/status.tsx';
import { dayMs, witnessesByNeed } from './chain-state.ts';

/** Everything that the server says of the chain. */
export function ChainDetails({ status, onCompared }: { readonly status: AuditStatus; readonly onCompared: (found: Reconciliation) => void }) {
  const { words, client, now } = useApp();
  const { formats } = useDesk();
  const act = useAct();
  const reconcile = () =>
    act.run(async () => {
      const toMs = now();
      onCompared(await client.call('audit.reconcile', { fromMs: toMs - dayMs, toMs }));
    });
  const { reconciled } = status;
  return (
    <>
      <dl className="facts chain-facts">
        <Fact name={words.t('chain.origin')}>
          <code>{status.origin}</code>
        </Fact>
        <Fact name={words.t('chain.witnesses')}>
          {status.witnesses.length === 0 ? (
            words.t('chain.no-witness')
          ) : (
            <ul className="stack tight">
              {witnessesByNeed(status.witnesses).map((witness) => (
                <Witness key={witness.name} witness={witness} />
              ))}
            </ul>
          )}
        </Fact>
        <Fact name={words.t('chain.stamp')}>
          <Stamp status={status} />
        </Fact>
        {status.minimumIndex > 0 && (
          <Fact name={words.t('chain.pruned')}>
            <span className="figures">{words.t('chain.pruned-below', { seq: status.minimumIndex })}</span>
          </Fact>
        )}
        <Fact name={words.t('chain.reconciled')}>
          <div className="stack tight">
            {reconciled ? <Compared found={reconciled} /> : <span className="faint">{words.t('chain.not-reconciled')}</span>}
            <div>
              <Button busy={act.busy} onClick={() => void reconcile()} data-testid="chain-reconcile">
                {words.t('chain.reconcile', { length: formats.length(dayMs) })}
              </Button>
            </div>
          </div>
        </Fact>
      </dl>
      {act.problem && <Failure problem={act.problem} onRetry={() => void reconcile()} />}
    </>
  );
}

function Witness({ witness: { name, size, atMs, problem } }: { readonly witness: WitnessStatus }) {
  const { words } = useApp();
  const { formats } = useDesk();
  return (
    <li data-testid="chain-witness" data-witness={name}>
      <Status tone={problem ? 'waiting' : size === undefined ? 'plain' : 'good'} icon={problem ? 'warn' : size === undefined ? 'clock' : 'check'}>
        {name}
      </Status>{' '}
      <span className="figures">{size === undefined || atMs === undefined ? words.t('chain.witness-none') : words.t('chain.witness-seen', { size, moment: formats.moment(atMs) })}</span>
      {problem && <p>{words.text(problem)}</p>}
    </li>
  );
}

function Stamp({ status: { stamp, stampProblem } }: { readonly status: AuditStatus }) {
  const { words } = useApp();
  const { formats } = useDesk();
  return (
    <>
      <span className="figures">{stamp ? words.t('chain.stamped', { size: stamp.size, moment: formats.moment(stamp.atMs) }) : words.t('chain.no-stamp')}</span>
      {stampProblem && (
        <p>
          <Status tone="waiting" icon="warn">
            {words.text(stampProblem)}
          </Status>
        </p>
      )}
    </>
  );
}

function Compared({ found: { fromMs, toMs, served, unmatched } }: { readonly found: Reconciliation }) {
  const { words } = useApp();
  const { formats } = useDesk();
  return (
    <div data-testid="chain-reconciled" data-unmatched={unmatched.length}>
      <Status tone={unmatched.length === 0 ? 'good' : 'waiting'} icon={unmatched.length === 0 ? 'check' : 'warn'}>
        {words.t(unmatched.length === 0 ? 'chain.all-matched' : 'chain.unmatched', { served, count: unmatched.length })}
      </Status>{' '}
      <span className="faint figures">{formats.range({ fromMs, toMs })}</span>
      {unmatched.length > 0 && (
        <ul className="stack tight">
          {unmatched.map(({ lease, person, firstMs, reason }) => (
            <li key={lease} className="figures">
              {formats.moment(firstMs)} {person} <code>{lease}</code> {words.t(`unmatched.${reason}`)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

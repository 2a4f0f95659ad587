// The rules: which pack is in force, which is configured, which was proposed and what it would change. Articles 8, 30 and 31.
import { useEffect, useState } from 'react';
import type { PackSummary } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { PackFacts } from './pack-facts.tsx';
import { ProposalCard } from './proposal-card.tsx';
import { ProposeDialog } from './propose-dialog.tsx';

/** Shows the rules and what is proposed about them. */
export default function PolicyPage() {
  const { words } = useApp();
  const { session, feed } = useDesk();
  const loaded = useOperation('policy.read', {});
  const { reload } = loaded;
  const [proposing, setProposing] = useState(false);
  useEffect(() => feed.on('policy', reload), [feed, reload]);
  return (
    <div className="page">
      <header className="page-head row">
        <h1>{words.t('page.policy')}</h1>
        <div className="grow" />
        {session.actions.includes('configure') && (
          <Button icon="plus" onClick={() => setProposing(true)} data-testid="policy-propose">
            {words.t('policy.propose')}
          </Button>
        )}
      </header>
      <Loading loaded={loaded}>
        {({ inForce, configured, proposals, people }) => (
          <div className="stack">
            <Pack title={words.t('policy.in-force')} pack={inForce} />
            {configured && (
              <>
                <Pack title={words.t('policy.configured')} pack={configured} />
                <Notice tone="waiting" icon="warn">
                  {words.t('policy.configured-differs')}
                </Notice>
              </>
            )}
            <h2>{words.t('policy.proposals')}</h2>
            {proposals.length === 0 && (
              <Empty icon="rules" title={words.t('policy.none')}>
                <p>{words.t('policy.none-hint')}</p>
              </Empty>
            )}
            <ul className="cards">
              {proposals.map((proposal) => (
                <ProposalCard key={proposal.id} proposal={proposal} people={people} onChanged={reload} />
              ))}
            </ul>
            {proposing && <ProposeDialog configured={configured} onClose={() => setProposing(false)} onProposed={() => (setProposing(false), reload())} />}
          </div>
        )}
      </Loading>
    </div>
  );
}

function Pack({ title, pack }: { readonly title: string; readonly pack: PackSummary }) {
  const { words } = useApp();
  return (
    <section className="card" aria-label={title} data-testid="policy-pack">
      <h2>{title}</h2>
      <PackFacts pack={pack} />
      <p className="hint">{words.t('policy.hash-hint')}</p>
    </section>
  );
}

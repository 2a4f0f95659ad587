// A proposal: the pack, what the proof found, what would change, and the judgement of another person of the Office.
import { useState } from 'react';
import type { Person } from '@wanglou/core';
import type { PackProposal } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { ReasonDialog } from '../inbox/reason-dialog.tsx';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice, Status, type Tone } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { nameOf } from '../requests/request-facts.tsx';
import { Differences } from './differences.tsx';
import { PackFacts } from './pack-facts.tsx';

const tones: Readonly<Record<PackProposal['state'], Tone>> = { open: 'waiting', approved: 'good', rejected: 'refused' };

/** Shows a proposal. */
export function ProposalCard({ proposal, people, onChanged }: { readonly proposal: PackProposal; readonly people: readonly Person[]; readonly onChanged: () => void }) {
  const { words } = useApp();
  const { session, formats } = useDesk();
  const { state, verdict, pack, settledBy, settledMs } = proposal;
  return (
    <li className={state === 'open' ? 'card waiting' : 'card'} data-testid="proposal" data-state={state}>
      <header className="row">
        <Status tone={tones[state]}>{words.t(`proposal-state.${state}`)}</Status>
        <b>{words.t('policy.proposed-by', { person: nameOf(proposal.proposedBy, people) })}</b>
        <div className="grow" />
        <time className="faint figures">{formats.moment(proposal.atMs)}</time>
      </header>
      <p>{proposal.reason}</p>
      <PackFacts pack={pack} />
      <Notice tone={verdict.ok ? 'good' : 'waiting'} icon={verdict.ok ? 'check' : 'warn'} data-testid="proposal-verdict">
        <p>{words.t(verdict.ok ? 'policy.proven' : 'policy.unproven', { valuations: verdict.valuations })}</p>
        {verdict.problems.length > 0 && (
          <ul className="bullets">
            {verdict.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
      </Notice>
      <Differences differences={proposal.differences} />
      {settledBy && settledMs !== undefined && <p className="faint figures">{words.t('policy.settled', { person: nameOf(settledBy, people), moment: formats.moment(settledMs) })}</p>}
      {state === 'open' && session.actions.includes('review') && (proposal.proposedBy === session.person.id ? <Notice tone="refused">{words.t('policy.own')}</Notice> : <JudgeTools proposal={proposal} onChanged={onChanged} />)}
    </li>
  );
}

function JudgeTools({ proposal, onChanged }: { readonly proposal: PackProposal; readonly onChanged: () => void }) {
  const { words, client } = useApp();
  const [rejecting, setRejecting] = useState(false);
  const act = useAct();
  const say = useToast();
  const approve = () =>
    act.run(async () => {
      await client.call('policy.approve', { proposal: proposal.id, sha256: proposal.pack.sha256 });
      say(words.t('policy.approved'));
      onChanged();
    });
  const reject = async (reason: string) => {
    await client.call('policy.reject', { proposal: proposal.id, reason });
    setRejecting(false);
    say(words.t('policy.rejected'));
    onChanged();
  };
  return (
    <>
      {act.problem && <Failure problem={act.problem} />}
      <footer className="row end">
        <Button onClick={() => setRejecting(true)} data-testid="policy-reject">
          {words.t('policy.reject')}
        </Button>
        <Button look="primary" icon="check" busy={act.busy} disabled={!proposal.verdict.ok} onClick={() => void approve()} data-testid="policy-approve">
          {words.t('policy.approve')}
        </Button>
      </footer>
      {rejecting && <ReasonDialog title={words.t('policy.reject')} confirm={words.t('policy.reject')} testId="policy-reject" onConfirm={reject} onClose={() => setRejecting(false)} />}
    </>
  );
}

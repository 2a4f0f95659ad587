// Approves a request with both clocks, or denies it with a reason.
import { useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { useToast } from '../kit/toast.tsx';
import type { InboxCardProps } from './inbox-card.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

/** How long a grant may be used; the longest is what the operation takes. */
const minutesChoices = [10, 30, 60, 120, 480, 1440, 4320, 10_080, 20_160] as const;
/** How soon it must be begun. */
const hoursChoices = [1, 4, 8, 24, 72, 168, 720] as const;

/** The judgement. The shortest of all approvals counts, for each clock. */
export function JudgeForm({ request, onChanged }: Pick<InboxCardProps, 'request' | 'onChanged'>) {
  const { words, client } = useApp();
  const { formats } = useDesk();
  const [minutes, setMinutes] = useState(60);
  const [beginWithinHours, setHours] = useState(24);
  const [denying, setDenying] = useState(false);
  const act = useAct();
  const say = useToast();
  const approve = () =>
    act.run(async () => {
      onChanged(await client.call('request.approve', { request: request.id, sha256: request.sha256, minutes, beginWithinHours }));
      say(words.t('inbox.approved'));
    });
  const deny = async (reason: string) => {
    onChanged({ request: await client.call('request.deny', { request: request.id, reason }) });
    setDenying(false);
    say(words.t('inbox.denied'));
  };
  return (
    <>
      {act.problem && <Failure problem={act.problem} />}
      <footer className="row end judge">
        <Choice label={words.t('inbox.begin-within')} testId="inbox-begin" value={beginWithinHours} choices={hoursChoices} format={(hours) => formats.length(hours * 3_600_000)} onChange={setHours} />
        <Choice label={words.t('inbox.minutes')} testId="inbox-minutes" value={minutes} choices={minutesChoices} format={(choice) => formats.length(choice * 60_000)} onChange={setMinutes} />
        <Button onClick={() => setDenying(true)} data-testid="inbox-deny">
          {words.t('inbox.deny')}
        </Button>
        <Button look="primary" icon="check" busy={act.busy} onClick={() => void approve()} data-testid="inbox-approve">
          {words.t('inbox.approve')}
        </Button>
      </footer>
      {denying && <ReasonDialog title={words.t('inbox.deny-title')} confirm={words.t('inbox.deny')} testId="inbox-deny" onConfirm={deny} onClose={() => setDenying(false)} />}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly testId: string;
  readonly value: number;
  readonly choices: readonly number[];
  readonly format: (choice: number) => string;
  readonly onChange: (choice: number) => void;
}

function Choice({ label, testId, value, choices, format, onChange }: ChoiceProps) {
  return (
    <label className="row tight">
      <span className="faint">{label}</span>
      <select className="slim figures" data-testid={testId} value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {format(choice)}
          </option>
        ))}
      </select>
    </label>
  );
}

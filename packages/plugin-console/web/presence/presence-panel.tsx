// Who of an outside visit is here: n of m, each confirmed with a code, each free to leave. Article 13(1).
import { useEffect, useState, type FormEvent } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { CodeInput } from '../kit/code-input.tsx';
import { Failure, Skeleton } from '../kit/states.tsx';
import { Notice, Status } from '../kit/status.tsx';
import { countPresence, isComplete } from './presence-count.ts';
import { usePresenceBook } from './presence-provider.tsx';

interface PresencePanelProps {
  readonly request: string;
  /** Everybody has confirmed. */
  readonly onComplete?: () => void;
}

/** Presence of one visit. */
export function PresencePanel({ request, onComplete }: PresencePanelProps) {
  const { words } = useApp();
  const book = usePresenceBook();
  const read = useOperation('presence.read', { request });
  const presence = book.of(request);
  useEffect(() => {
    if (read.data) book.keep(read.data);
    // What was read goes into the book once; the book itself changes with every beat.
  }, [read.data]);
  const complete = presence !== undefined && isComplete(presence);
  useEffect(() => {
    if (complete) onComplete?.();
    // Told when it becomes complete, not when the listener changes.
  }, [complete]);
  if (read.problem) return <Failure problem={read.problem} onRetry={read.reload} />;
  if (!presence) return <Skeleton rows={2} />;
  const { here, all } = countPresence(presence);
  return (
    <section className="presence" aria-label={words.t('presence.title')} data-testid="presence" data-here={here}>
      <p aria-live="polite">
        <Status tone={complete ? 'good' : 'waiting'} icon="people">
          {words.t('presence.count', { here, all })}
        </Status>
      </p>
      <ul className="lines">
        {presence.persons.map((person) => (
          <Visitor key={person.visitor} request={request} {...person} />
        ))}
      </ul>
      {!complete && <p className="hint">{words.t('presence.hint')}</p>}
    </section>
  );
}

interface VisitorProps {
  readonly request: string;
  readonly visitor: string;
  readonly name: string;
  readonly present: boolean;
  readonly sinceMs?: number;
}

function Visitor({ request, visitor, name, present, sinceMs }: VisitorProps) {
  const { words, client } = useApp();
  const { formats } = useDesk();
  const { keep } = usePresenceBook();
  const [code, setCode] = useState('');
  const act = useAct();
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => {
      keep(await client.call('presence.confirm', { request, visitor, code }));
      setCode('');
    });
  };
  const leave = () => void act.run(async () => keep(await client.call('presence.leave', { request, visitor })));
  return (
    <li data-testid="presence-visitor" data-present={present}>
      <form className="row" onSubmit={confirm}>
        <b>{name}</b>
        {present ? (
          <>
            <Status tone="good">{sinceMs === undefined ? words.t('presence.here') : words.t('presence.here-since', { time: formats.time(sinceMs) })}</Status>
            <div className="grow" />
            <Button busy={act.busy} onClick={leave} aria-label={words.t('presence.leave-name', { name })} data-testid="presence-leave">
              {words.t('presence.leave')}
            </Button>
          </>
        ) : (
          <>
            <div className="grow" />
            <CodeInput value={code} onChange={setCode} aria-label={words.t('presence.code', { name })} data-testid="presence-code" />
            <Button type="submit" look="primary" busy={act.busy} disabled={code.length < 6} aria-label={words.t('presence.confirm-name', { name })} data-testid="presence-confirm">
              {words.t('presence.confirm')}
            </Button>
          </>
        )}
      </form>
      {act.problem && (
        <Notice tone="waiting" icon="warn" role="alert">
          {words.text(act.problem.facts.text)}
        </Notice>
      )}
    </li>
  );
}

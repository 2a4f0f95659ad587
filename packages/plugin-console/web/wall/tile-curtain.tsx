// What a tile says in place of a picture, and the word in its foot line.
import { useApp, useDesk } from '../app/context.ts';
import { DenialPanel } from '../denial/denial-panel.tsx';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Status } from '../kit/status.tsx';
import type { TileState } from './tile-state.ts';

/** Covers the picture while there is none. */
export function TileCurtain({ state, onRetry }: { readonly state: TileState; readonly onRetry: () => void }) {
  const { words } = useApp();
  switch (state.kind) {
    case 'live':
      return undefined;
    case 'frozen':
      return (
        <div className="tile-badge" role="alert">
          <Status tone="waiting" icon="frozen">
            {words.t('tile.frozen-long')}
          </Status>
        </div>
      );
    case 'connecting':
      return (
        <div className="curtain quiet">
          <span className="pulse" />
          <span className="faint">{words.t('tile.connecting')}</span>
        </div>
      );
    case 'offline':
      return (
        <div className="curtain">
          <Icon name="cameraOff" size={26} />
          <OfflineSince state={state} />
          {state.text && <p className="faint">{words.text(state.text)}</p>}
        </div>
      );
    case 'refused':
      return (
        <div className="curtain">
          <DenialPanel problem={state.problem} onRetry={onRetry} compact />
        </div>
      );
    case 'paused':
      return (
        <div className="curtain">
          <Icon name="people" size={26} />
          <p>{words.t('presence.paused')}</p>
          <PresenceButton />
        </div>
      );
    case 'failed':
      return (
        <div className="curtain">
          <Icon name="warn" size={26} />
          <p>{words.text(state.problem.facts.text)}</p>
          <Button icon="retry" onClick={onRetry}>
            {words.t('button.retry')}
          </Button>
        </div>
      );
    case 'ended':
      return (
        <div className="curtain">
          <Icon name="lock" size={26} />
          <p>{words.has(`lease-end.${state.reason}`, state.reason)}</p>
        </div>
      );
  }
}

function PresenceButton() {
  const { words } = useApp();
  const { confirmPresence } = useDesk();
  return (
    <Button icon="people" onClick={() => void confirmPresence(undefined)}>
      {words.t('presence.confirm-here')}
    </Button>
  );
}

function OfflineSince({ state }: { readonly state: Extract<TileState, { kind: 'offline' }> }) {
  const { words, now } = useApp();
  const { formats } = useDesk();
  if (state.sinceMs === undefined) return <p>{words.t('tile.offline')}</p>;
  const today = formats.date(state.sinceMs) === formats.date(now());
  return <p className="figures">{words.t('tile.offline-since', { time: today ? formats.time(state.sinceMs) : formats.moment(state.sinceMs) })}</p>;
}

/** The state as a word. */
export function TileStatus({ state }: { readonly state: TileState }) {
  const { words } = useApp();
  if (state.kind === 'live') return <Status tone="good" icon="play">{words.t('tile.live')}</Status>;
  const look = { connecting: ['plain', 'clock'], frozen: ['waiting', 'frozen'], offline: ['waiting', 'cameraOff'], refused: ['refused', 'lock'], paused: ['waiting', 'people'], failed: ['waiting', 'warn'], ended: ['refused', 'lock'] } as const;
  const [tone, icon] = look[state.kind];
  return (
    <Status tone={tone} icon={icon}>
      {words.t(`tile.${state.kind}`)}
    </Status>
  );
}

// Playback was cut: why, at once, and what can be done.
import { useApp } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { formAddress } from '../requests/request-draft.ts';
import type { PlaybackChoice } from './playback-query.ts';

/** Says why playback stopped. */
export function PlaybackEnded({ reason, choice, onPlay }: { readonly reason: string; readonly choice: PlaybackChoice; readonly onPlay: () => void }) {
  const { words } = useApp();
  const address = choice.camera && formAddress({ cameras: [choice.camera], ...choice.range, actions: ['playback'] });
  return (
    <section className="denial" role="alert" data-testid="playback-ended" data-reason={reason}>
      <header>
        <Icon name="lock" size={20} />
        <h2>{words.t('playback.ended')}</h2>
      </header>
      <p>{words.has(`lease-end.${reason}`, reason)}</p>
      <div className="row">
        <Button icon="play" onClick={onPlay}>
          {words.t('playback.again')}
        </Button>
        {address && (
          <Button look="primary" icon="request" onClick={() => navigate(address)}>
            {words.t('denial.request')}
          </Button>
        )}
      </div>
    </section>
  );
}

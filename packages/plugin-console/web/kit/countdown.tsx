// Time left, in figures that do not dance.
import { useNow } from '../app/use-now.ts';
import { countdown } from '../i18n/format.ts';
import { Icon } from './icon.tsx';

/** Counts down to a moment. Turns amber in the last minute. */
export function Countdown({ endsMs, label, ...rest }: { readonly endsMs: number; readonly label: string; readonly 'data-testid'?: string }) {
  const leftMs = endsMs - useNow(1000);
  return (
    <span className={leftMs < 60_000 ? 'status waiting countdown' : 'status accent countdown'} role="timer" {...rest}>
      <Icon name="clock" size={14} />
      <span>
        {label} <b className="figures">{countdown(leftMs)}</b>
      </span>
    </span>
  );
}

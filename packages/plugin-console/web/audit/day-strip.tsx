// The last 24 hours of the log: heartbeats solid, times without them hatched, each with from and to.
import { useId } from 'react';
import type { HeartbeatGap } from '@wanglou/plugin-audit/contract';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { dayMs, stretchOf } from './chain-state.ts';

const width = 1440;
const height = 14;

/** Shows a day with its gaps. */
export function DayStrip({ gaps }: { readonly gaps: readonly HeartbeatGap[] }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const nowMs = useNow(60_000);
  const id = useId().replaceAll(':', '');
  return (
    <div className="day-strip">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words.t(gaps.length === 0 ? 'chain.day' : 'chain.day-gaps', { count: gaps.length })}>
        <defs>
          <pattern id={`hatch-${id}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect className="hatch-ground" width="6" height="6" />
            <rect className="hatch-line" width="3" height="6" />
          </pattern>
        </defs>
        <rect className="day" width={width} height={height} />
        {gaps.map((gap) => {
          const stretch = stretchOf(gap, nowMs);
          return stretch && <rect key={gap.fromMs} data-testid="chain-gap" x={stretch.from} width={stretch.length} height={height} fill={`url(#hatch-${id})`} />;
        })}
      </svg>
      <div className="row between faint figures">
        <span>{formats.moment(nowMs - dayMs)}</span>
        <span>{words.t(gaps.length === 0 ? 'chain.day' : 'chain.day-gaps', { count: gaps.length })}</span>
        <span>{formats.time(nowMs)}</span>
      </div>
      {gaps.length > 0 && (
        <ul className="gap-list">
          {gaps.map((gap) => (
            <li key={gap.fromMs} className="figures">
              {words.t('chain.gap', { range: formats.range(gap), length: formats.length(gap.toMs - gap.fromMs) })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// The timeline as a table: the same facts for those who do not use a pointer or a picture.
import type { Timeline } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { gapText } from './gap-text.ts';
import { toRows } from './timeline-math.ts';

/** Lists recorded and deleted stretches, and gaps. */
export function TimelineTable({ timeline, onChoose }: { readonly timeline: Timeline; readonly onChoose: (atMs: number) => void }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const nowMs = useNow(10_000);
  return (
    <div className="table-box">
      <table className="table" data-testid="timeline-table">
        <caption className="off-screen">{words.t('timeline.name')}</caption>
        <thead>
          <tr>
            <th scope="col">{words.t('timeline.what')}</th>
            <th scope="col">{words.t('timeline.from')}</th>
            <th scope="col">{words.t('timeline.to')}</th>
            <th scope="col">{words.t('timeline.length')}</th>
            <th scope="col">{words.t('timeline.detail')}</th>
            <th scope="col">
              <span className="off-screen">{words.t('table.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {toRows(timeline).map((row) => (
            <tr key={`${row.kind} ${row.fromMs}`}>
              <td>
                {row.kind === 'gap' ? (
                  <Status tone="waiting" icon="warn">
                    {gapText(row.gap, words)}
                  </Status>
                ) : (
                  <Status tone={row.kind === 'recorded' ? 'good' : 'plain'}>{words.t(`timeline.${row.kind}`)}</Status>
                )}
              </td>
              <td className="figures">{formats.moment(row.fromMs)}</td>
              <td className="figures">{row.toMs === undefined ? words.t('timeline.open') : formats.moment(row.toMs)}</td>
              <td className="figures">{formats.length((row.toMs ?? nowMs) - row.fromMs)}</td>
              <td className="faint">{row.kind === 'gap' ? row.gap.detail : ''}</td>
              <td>
                <Button look="quiet" onClick={() => onChoose(row.fromMs)}>
                  {words.t('timeline.choose')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

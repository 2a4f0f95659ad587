// The viewer's name over footage, faint and moving: a photo of the screen names who took it. Article 27.
import { useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';

/** Places of the mark, as shares of the picture; it moves on every period. */
const places = [
  [0.08, 0.12],
  [0.62, 0.3],
  [0.3, 0.72],
  [0.7, 0.8],
  [0.12, 0.5],
  [0.5, 0.1],
] as const;

/** A mark with name, account and time. */
export function ViewerMark() {
  const { session, formats } = useDesk();
  const nowMs = useNow(10_000);
  const [left, top] = places[Math.floor(nowMs / 20_000) % places.length] ?? places[0];
  return (
    <div className="viewer-mark" aria-hidden="true" style={{ left: `${left * 100}%`, top: `${top * 100}%` }}>
      {session.person.name} {session.person.id}
      <br />
      {formats.moment(nowMs).slice(0, -3)}
    </div>
  );
}

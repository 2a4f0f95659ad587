// What a proposed pack would decide otherwise, each with an example.
import type { PackDifference } from '@wanglou/plugin-access/contract';
import { useApp } from '../app/context.ts';
import { Icon } from '../kit/icon.tsx';
import { Status } from '../kit/status.tsx';

/** Lists differences. */
export function Differences({ differences }: { readonly differences: readonly PackDifference[] }) {
  const { words } = useApp();
  if (differences.length === 0) return <p className="faint">{words.t('policy.same-decisions')}</p>;
  return (
    <section aria-label={words.t('policy.differences')}>
      <h3>{words.t('policy.differences')}</h3>
      <ul className="lines">
        {differences.map((difference, index) => (
          // Differences have no ids; their order is the server's.
          <li key={index} data-testid="difference">
            <details>
              <summary>
                <b>{words.has(`action.${difference.action}`, difference.action)}</b>
                <Effect effect={difference.before} />
                <Icon name="forward" size={14} />
                <Effect effect={difference.after} />
                <span className="faint">{words.t('policy.valuations', { count: difference.valuations })}</span>
              </summary>
              <p className="faint">{words.t('policy.example')}</p>
              <pre>{JSON.stringify(difference.facts, undefined, 2)}</pre>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Effect({ effect }: { readonly effect: 'permit' | 'deny' }) {
  const { words } = useApp();
  return <Status tone={effect === 'permit' ? 'good' : 'refused'}>{words.t(effect === 'permit' ? 'register.permitted' : 'register.denied')}</Status>;
}

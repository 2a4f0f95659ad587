// What identifies a pack: title, version, day, size, hash.
import type { PackSummary } from '@wanglou/plugin-access/contract';
import { useApp } from '../app/context.ts';
import { Fact } from '../kit/fact.tsx';

/** What identifies a pack. */
export function PackFacts({ pack }: { readonly pack: PackSummary }) {
  const { words } = useApp();
  return (
    <dl className="facts">
      <Fact name={words.t('policy.title')}>{words.text(pack.title)}</Fact>
      <Fact name={words.t('policy.version')}>
        <code>{`${pack.id}@${pack.version}`}</code>
      </Fact>
      <Fact name={words.t('policy.effective')}>
        <span className="figures">{pack.effective}</span>
      </Fact>
      <Fact name={words.t('policy.rules')}>
        <span className="figures">{pack.rules}</span>
      </Fact>
      <Fact name="SHA-256">
        <code>{pack.sha256}</code>
      </Fact>
    </dl>
  );
}

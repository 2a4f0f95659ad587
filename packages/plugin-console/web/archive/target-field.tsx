// Which storage.
import type { Text } from '@wanglou/core';
import { useWords } from '../app/context.ts';
import { Field } from '../kit/field.tsx';

/** A storage to choose. */
export interface TargetChoice {
  readonly id: string;
  readonly title: Text;
}

interface TargetFieldProps {
  readonly targets: readonly TargetChoice[];
  readonly target: string;
  readonly onChange: (target: string) => void;
}

/** The storages by name. */
export function TargetField({ targets, target, onChange }: TargetFieldProps) {
  const words = useWords();
  return (
    <Field label={words.t('archive.target')}>
      <select value={target} onChange={(event) => onChange(event.target.value)} data-testid="archive-target">
        {targets.map(({ id, title }) => (
          <option key={id} value={id}>
            {words.text(title)}
          </option>
        ))}
      </select>
    </Field>
  );
}

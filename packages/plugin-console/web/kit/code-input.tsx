// Six digits, as an authenticator or a visitor's slip shows them.
import { typedCode } from '../account/account-rules.ts';

interface CodeInputProps {
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: boolean | undefined;
  readonly 'data-testid'?: string;
  readonly autoFocus?: boolean;
}

/** A field for six digits. Works as the child of a {@link Field}. */
export function CodeInput({ value, onChange, ...rest }: CodeInputProps) {
  return <input className="figures code-input" inputMode="numeric" autoComplete="one-time-code" maxLength={9} placeholder="000000" value={value} onChange={(event) => onChange(typedCode(event.target.value))} {...rest} />;
}

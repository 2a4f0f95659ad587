// Buttons. One primary per screen; danger only for what cannot be undone.
import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** What a button takes, over the native attributes. */
export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: IconName;
  /** Works: no second click, and the pointer says so. */
  readonly busy?: boolean;
  readonly 'data-testid'?: string;
}

/** A button with words. */
export function Button({ look = 'plain', icon, busy = false, children, className = '', disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button ${look} ${className}`} aria-busy={busy || undefined} disabled={disabled || busy} {...rest}>
      {icon && <Icon name={icon} size={16} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

/** A button with an icon alone; its name is spoken and shown on hover. */
export function IconButton({ icon, name, className = '', ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { readonly icon: IconName; readonly name: string; readonly 'data-testid'?: string }) {
  return (
    <button type="button" className={`button quiet square ${className}`} aria-label={name} title={name} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

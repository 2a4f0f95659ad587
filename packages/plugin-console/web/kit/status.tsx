// Small statements of state: always an icon and a word, never colour alone.
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** How much a statement matters. Red (`alarm`) belongs to fire and unacknowledged alarms alone. */
export type Tone = 'plain' | 'good' | 'accent' | 'waiting' | 'refused' | 'alarm';

const icons: Readonly<Record<Tone, IconName>> = { plain: 'info', good: 'check', accent: 'info', waiting: 'clock', refused: 'lock', alarm: 'warn' };

/** A state in a word. */
export function Status({ tone = 'plain', icon, children }: { readonly tone?: Tone; readonly icon?: IconName; readonly children: ReactNode }) {
  return (
    <span className={`status ${tone}`}>
      <Icon name={icon ?? icons[tone]} size={14} />
      <span>{children}</span>
    </span>
  );
}

/** A message that stands in the page. */
export function Notice({ tone = 'plain', icon, children, ...rest }: { readonly tone?: Tone; readonly icon?: IconName; readonly children: ReactNode; readonly role?: 'alert' | 'status'; readonly 'data-testid'?: string }) {
  return (
    <div className={`notice ${tone}`} {...rest}>
      <Icon name={icon ?? icons[tone]} />
      <div>{children}</div>
    </div>
  );
}

// The way to the campus's identity provider, where there is one. It is an address, not a call: the browser leaves the page.
import { Icon } from '../kit/icon.tsx';
import { useApp } from './context.ts';
import { rememberPlace } from './return-place.ts';
import { useOperation } from './use-operation.ts';

/** A link to the identity provider; nothing where the campus has none. */
export function OidcLink({ stepUp }: { readonly stepUp: boolean }) {
  const { words } = useApp();
  const options = useOperation('session.options', {});
  const provider = options.data?.oidc;
  if (!provider) return undefined;
  return (
    <a className="button wide-button" href={`/api/v1/session/oidc?step-up=${stepUp ? 1 : 0}`} onClick={rememberPlace} data-testid={stepUp ? 'step-up-oidc' : 'sign-in-oidc'}>
      <Icon name="person" size={16} />
      {words.t(stepUp ? 'step-up.oidc' : 'sign-in.oidc', { name: provider.name })}
    </a>
  );
}

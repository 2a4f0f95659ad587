// A real OpenID Connect provider (the library `oidc-provider`), and what a person's browser does there.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A provider that listens. */
export interface IdentityProvider extends AsyncDisposable {
  /** Configuration of plugin-access for it. Accounts are linked as `E-<account>`. */
  readonly oidc: { readonly name: { readonly zh: string; readonly en: string }; readonly issuer: string; readonly clientId: string; readonly clientSecret: string; readonly accountClaim: string };
  /** Serves a campus whose callback is there. Its address may be known only after the campus has started. */
  serve(redirectAddress: string): void;
  /** Signs in and consents; answers the address to which the browser is sent back. */
  visit(address: string, account: string): Promise<string>;
}

/** Starts a provider on a free port of the loopback address. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'wanglou';
  const clientSecret = 'a secret of the client, for tests';
  let redirectAddress = '';
  return {
    oidc: { name: { zh: '统一身份认证', en: 'Campus sign-in' }, issuer, clientId, clientSecret, accountClaim: 'employee' },
    serve(address) {
      redirectAddress = address;
      const provider = new Provider(issuer, {
        clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [address], grant_types: ['authorization_code'], response_types: ['code'] }],
        claims: { openid: ['sub', 'employee'] },
        // It claims a role as well: roles stay local.
        findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, employee: `E-${id}`, roles: ['office-head'] }) }),
        conformIdTokenClaims: false,
        cookies: { keys: ['a key of the provider, for tests'] },
      });
      server.on('request', provider.callback());
    },
    async visit(address, account) {
      const jar = new Map<string, string>();
      let next = address;
      for (let hop = 0; hop < 12; hop++) {
        if (next.startsWith(redirectAddress)) return next;
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const form = /\/interaction\/[\w-]+$/.test(next) ? await answerTo(next, cookie, account) : undefined;
        const response = await fetch(form?.action ?? next, { redirect: 'manual', headers: { cookie, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) }, ...(form && { method: 'POST', body: form.body }) });
        for (const one of response.headers.getSetCookie()) {
          const [pair = ''] = one.split(';');
          jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        next = new URL(response.headers.get('location')!, issuer).href;
      }
      throw new Error('the provider never sent the browser back');
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** The development pages of the provider: a sign-in form, then a consent form. */
async function answerTo(page: string, cookie: string, account: string): Promise<{ readonly action: string; readonly body: string }> {
  const html = await (await fetch(page, { headers: { cookie } })).text();
  const prompt = /name="prompt" value="(\w+)"/.exec(html)![1]!;
  return { action: /action="([^"]+)"/.exec(html)![1]!, body: new URLSearchParams({ prompt, ...(prompt === 'login' && { login: account, password: 'any' }) }).toString() };
}

// Addresses: what a person writes into the configuration, and what devices say about themselves (often wrong).

/** What to do when a device names an address of its own in an answer. See {@link applyAddressPolicy}. */
export type AddressPolicy = 'automatic' | 'as-told' | 'host' | 'host-and-port';

const wellKnownPath = '/onvif/device_service';

/**
 * Reads the configured address: `192.168.1.5`, `camera.local:8080`, `[fe80::1]`, or a whole URL. The path defaults to the usual one.
 * `undefined` when it is none of these, or holds a user name or password.
 */
export function parseDeviceAddress(text: string): URL | undefined {
  const scheme = /^(\w+):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return undefined;
  const candidate = scheme === undefined ? `http://${text}` : text;
  if (!URL.canParse(candidate)) return undefined;
  const url = new URL(candidate);
  if (url.hostname === '' || url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  if (url.pathname === '/') url.pathname = wellKnownPath;
  return url;
}

/** Reads an address out of an answer. Repairs a doubled port; takes away user, password; `undefined` for anything unusable. */
export function parseToldAddress(text: string | undefined, protocols: readonly string[]): URL | undefined {
  if (text === undefined) return undefined;
  const repaired = text.replace(/^(\w+:\/\/[^/:[\]]+:\d+):\d+(?=\/|$)/, '$1');
  if (!URL.canParse(repaired)) return undefined;
  const url = new URL(repaired);
  if (!protocols.includes(url.protocol) || url.hostname === '') return undefined;
  url.username = '';
  url.password = '';
  return url;
}

/**
 * Makes a told address reachable, given the address that we reached the device at.
 * - `as-told`: believes the device.
 * - `host`: our host, its port. `host-and-port`: our host and, for HTTP, our port too.
 * - `automatic`: as told when the host is the same, else (NAT, address from before a move) as `host-and-port`.
 *
 * The path and the query always stay: some devices put the channel there.
 */
export function applyAddressPolicy(told: URL, reached: URL, policy: AddressPolicy): URL {
  const url = new URL(told);
  if (policy === 'as-told' || (policy === 'automatic' && url.hostname === reached.hostname)) return url;
  url.hostname = reached.hostname;
  const http = url.protocol === 'http:' || url.protocol === 'https:';
  if (!http || policy === 'host') return url;
  url.protocol = reached.protocol;
  url.port = reached.port;
  return url;
}

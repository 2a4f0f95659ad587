// Network addresses as people write them.

/** A socket for both families shows IPv4 addresses in the form of IPv6 (RFC 4291 section 2.5.5.2); workstations are registered in the plain form. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

// Where a profile's stream is fetched.
import { applyAddressPolicy, parseToldAddress } from '../device/device-address.ts';
import { OnvifError } from '../soap/onvif-error.ts';
import { textAt } from '../soap/xml-node.ts';
import type { AddressPolicy } from '../device/device-address.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/** Reads a `GetStreamUriResponse` of Media1 or Media2; never with a credential in it. @throws OnvifError `MALFORMED` */
export function readStreamAddress(response: XmlNode, reached: URL, policy: AddressPolicy): URL {
  const told = parseToldAddress(textAt(response, 'MediaUri', 'Uri') ?? textAt(response, 'Uri'), ['rtsp:', 'rtsps:']);
  if (!told) throw new OnvifError('MALFORMED', { reason: 'the stream address is missing or no RTSP address' });
  return applyAddressPolicy(told, reached, policy);
}

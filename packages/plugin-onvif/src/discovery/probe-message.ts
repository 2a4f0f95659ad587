// WS-Discovery messages: writes Probes, reads ProbeMatches (WS-Discovery April 2005, ONVIF Core Specification clause 7).
import { asOnvifError } from '../soap/onvif-error.ts';
import { nodeAt, nodesNamed, readXml, textAt } from '../soap/xml-node.ts';
import { parseToldAddress } from '../device/device-address.ts';
import type { FoundDevice } from './found-device.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/** What a datagram turned out to be. */
export type ProbeAnswer =
  | { readonly kind: 'matches'; readonly devices: readonly FoundDevice[] }
  /** Well-formed, but an answer to somebody else, or no ProbeMatches at all. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'bad'; readonly reason: string };

/** Writes a Probe for video devices; `Device` is the type that later profiles use. */
export function writeProbe(messageId: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>${messageId}</w:MessageID><w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>`;
}

/** Reads a datagram; never throws. Only answers that relate to `messageId` count. */
export function readProbeAnswer(datagram: Buffer, messageId: string, from: string): ProbeAnswer {
  let envelope: XmlNode;
  try {
    envelope = readXml(datagram.toString('utf8'));
  } catch (error) {
    return { kind: 'bad', reason: asOnvifError(error).message };
  }
  const matches = nodeAt(envelope, 'Body', 'ProbeMatches');
  if (!matches || textAt(envelope, 'Header', 'RelatesTo') !== messageId) return { kind: 'foreign' };
  return { kind: 'matches', devices: nodesNamed(matches, 'ProbeMatch').flatMap((match) => readMatch(match, from)) };
}

/** One device; none when it has no usable address (Windows computers answer Probes too). */
function readMatch(match: XmlNode, from: string): FoundDevice[] {
  const words = (name: string): string[] => (textAt(match, name) ?? '').split(/\s+/).filter((word) => word !== '');
  const addresses = words('XAddrs').flatMap((text) => {
    const url = parseToldAddress(text, ['http:', 'https:']);
    return url ? [url] : [];
  });
  const [first] = addresses;
  if (!first) return [];
  const scopes = words('Scopes');
  const named = { name: scopeValue(scopes, 'name'), hardware: scopeValue(scopes, 'hardware'), location: scopeValue(scopes, 'location') };
  return [
    {
      endpoint: textAt(match, 'EndpointReference', 'Address') ?? first.href,
      addresses,
      types: words('Types').map((type) => type.slice(type.indexOf(':') + 1)),
      scopes,
      ...(named.name !== undefined && { name: named.name }),
      ...(named.hardware !== undefined && { hardware: named.hardware }),
      ...(named.location !== undefined && { location: named.location }),
      from,
    },
  ];
}

function scopeValue(scopes: readonly string[], kind: string): string | undefined {
  const prefix = `onvif://www.onvif.org/${kind}/`;
  const value = scopes.find((scope) => scope.startsWith(prefix))?.slice(prefix.length);
  if (value === undefined || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    // Not percent-encoded properly: better the raw text than no name.
    return value;
  }
}

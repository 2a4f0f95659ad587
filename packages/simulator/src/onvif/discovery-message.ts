// WS-Discovery messages (WS-Discovery April 2005, as ONVIF Core Specification clause 7 uses it).
import { childOf, escapeXml, parseXml, XmlSyntaxError } from './xml-element.ts';
import { randomUUID } from 'node:crypto';

/** What a Probe asks for. */
export interface Probe {
  readonly messageId: string;
  /** Local names of the wanted types; empty means all. */
  readonly types: readonly string[];
  readonly scopes: readonly string[];
}

/** What a device says in its ProbeMatch. */
export interface ProbeMatch {
  readonly uuid: string;
  readonly scopes: readonly string[];
  readonly address: string;
}

/** Types of a video device; `Device` is for clients of later profiles. */
export const deviceTypes = ['NetworkVideoTransmitter', 'Device'] as const;

/** Reads a datagram; `undefined` for anything but a Probe. */
export function readProbe(text: string): Probe | undefined {
  try {
    const envelope = parseXml(text);
    const probe = childOf(childOf(envelope, 'Body'), 'Probe');
    const messageId = childOf(childOf(envelope, 'Header'), 'MessageID')?.text;
    if (!probe || !messageId) return undefined;
    const words = (name: string): string[] => (childOf(probe, name)?.text ?? '').split(/\s+/).filter((word) => word !== '');
    return { messageId, types: words('Types').map((type) => type.slice(type.indexOf(':') + 1)), scopes: words('Scopes') };
  } catch (error) {
    if (error instanceof XmlSyntaxError) return undefined;
    throw error;
  }
}

/** True when a device with these scopes should answer. */
export function matchesProbe(probe: Probe, scopes: readonly string[]): boolean {
  const typesMatch = probe.types.every((type) => deviceTypes.some((known) => known === type));
  return typesMatch && probe.scopes.every((wanted) => scopes.some((scope) => scope === wanted || scope.startsWith(`${wanted}/`)));
}

/** Writes the answer to the Probe with this MessageID. */
export function writeProbeMatch(match: ProbeMatch, relatesTo: string): string {
  const header = `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID><a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action>`;
  const body = `<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:${match.uuid}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>${escapeXml(match.scopes.join(' '))}</d:Scopes><d:XAddrs>${escapeXml(match.address)}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>`;
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

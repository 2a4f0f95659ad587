// SOAP 1.2 envelopes: reads requests, writes answers and faults (ONVIF Core Specification clause 5).
import { childOf, parseXml, XmlSyntaxError } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';

/** Namespaces of the services, as GetServices lists them. */
export const serviceNamespaces = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
} as const;

const envelopeNamespace = 'http://www.w3.org/2003/05/soap-envelope';
const prefixes = [
  `xmlns:s="${envelopeNamespace}"`,
  'xmlns:tt="http://www.onvif.org/ver10/schema"',
  `xmlns:tds="${serviceNamespaces.device}"`,
  `xmlns:trt="${serviceNamespaces.media}"`,
  `xmlns:tr2="${serviceNamespaces.media2}"`,
  'xmlns:ter="http://www.onvif.org/ver10/error"',
].join(' ');

/** What a fault says: code and ONVIF subcode (Core Specification clause 5.8.2). */
export interface SoapFaultOptions {
  readonly code: 'Sender' | 'Receiver';
  readonly subcodes: readonly string[];
  readonly httpStatus: number;
}

/** An answer that is a fault. */
export class SoapFault extends Error {
  override readonly name = 'SoapFault';
  readonly options: SoapFaultOptions;

  constructor(reason: string, options: SoapFaultOptions) {
    super(reason);
    this.options = options;
  }
}

/** A request that is well-formed SOAP 1.2. */
export interface SoapRequest {
  readonly namespace: string;
  readonly operation: string;
  readonly parameters: XmlElement;
  /** `wsse:UsernameToken`, when there is one. */
  readonly usernameToken: XmlElement | undefined;
}

/** Reads an envelope. @throws SoapFault */
export function readSoapRequest(text: string): SoapRequest {
  const envelope = parseOrFault(text);
  if (envelope.name !== 'Envelope' || envelope.namespace !== envelopeNamespace) throw malformed('a SOAP 1.2 Envelope is needed');
  const parameters = childOf(envelope, 'Body')?.children[0];
  if (!parameters) throw malformed('the Body is empty');
  const usernameToken = childOf(childOf(childOf(envelope, 'Header'), 'Security'), 'UsernameToken');
  return { namespace: parameters.namespace, operation: parameters.name, parameters, usernameToken };
}

/** Wraps the XML of an answer. */
export function writeSoapAnswer(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${prefixes}><s:Body>${body}</s:Body></s:Envelope>`;
}

/** Writes a fault; reasons are our own words and need no escaping beyond `<` and `&`. */
export function writeSoapFault(fault: SoapFault): string {
  const subcodes = fault.options.subcodes.reduceRight((inner, subcode) => `<s:Subcode><s:Value>ter:${subcode}</s:Value>${inner}</s:Subcode>`, '');
  const reason = fault.message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return writeSoapAnswer(`<s:Fault><s:Code><s:Value>s:${fault.options.code}</s:Value>${subcodes}</s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`);
}

function parseOrFault(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlSyntaxError) throw malformed(error.message);
    throw error;
  }
}

function malformed(reason: string): SoapFault {
  return new SoapFault(reason, { code: 'Sender', subcodes: ['WellFormed'], httpStatus: 400 });
}

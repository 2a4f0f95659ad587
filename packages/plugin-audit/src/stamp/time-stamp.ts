// Time stamps of an authority that has nothing to do with the campus: RFC 3161.
import { createHash } from 'node:crypto';
import { ContentInfo, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { id_ct_tstInfo, MessageImprint, TimeStampReq, TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

/** Longest response in bytes that is read: a token with its certificates has a few thousand. */
const longestResponse = 65_536;
const sha256Oid = '2.16.840.1.101.3.4.2.1';
const nonceBytes = 8;
/** `granted` and `grantedWithMods` (RFC 3161 section 2.4.2). */
const grantedStatuses = [0, 1];

/** What is asked of an authority. */
export interface StampRequest {
  /** DER of the TimeStampReq. */
  readonly request: Uint8Array;
  readonly sha256: Uint8Array;
  readonly nonce: Uint8Array;
}

/** A stamp that answers a request. */
export interface Stamp {
  /** DER of the TimeStampResp, as `openssl ts -verify` takes it. */
  readonly response: Uint8Array;
  readonly atMs: number;
}

/** Asks for a stamp on bytes, with the authority's certificate in it. */
export function stampRequestOf(bytes: Uint8Array, randomBytes: (length: number) => Uint8Array): StampRequest {
  const sha256 = createHash('sha256').update(bytes).digest();
  // Positive, as a DER integer: no sign bit, no leading zero.
  const nonce = Uint8Array.from(randomBytes(nonceBytes), (byte, place) => (place === 0 ? (byte & 0x7f) | 0x40 : byte));
  const message = new TimeStampReq({ messageImprint: new MessageImprint({ hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256Oid, parameters: null }), hashedMessage: new OctetString(sha256) }), nonce: nonce.buffer, certReq: true });
  return { request: new Uint8Array(AsnConvert.serialize(message)), sha256, nonce };
}

/** Reads what an authority answered. Throws an `Error` that says why it is no stamp on what was asked; its signature is for others to check. */
export function stampOf(response: Uint8Array, { sha256, nonce }: StampRequest): Stamp {
  const { status, timeStampToken } = AsnConvert.parse(response, TimeStampResp);
  if (!grantedStatuses.includes(status.status) || !timeStampToken) throw new Error(`the authority refused (status ${status.status})`);
  const { contentType, content } = AsnConvert.parse(AsnConvert.serialize(timeStampToken), ContentInfo);
  if (contentType !== '1.2.840.113549.1.7.2') throw new Error('the token holds no signed data');
  const { encapContentInfo } = AsnConvert.parse(content, SignedData);
  const info = encapContentInfo.eContent?.single;
  if (encapContentInfo.eContentType !== id_ct_tstInfo || !info) throw new Error('the token holds no time stamp');
  const { messageImprint, genTime, nonce: answered } = AsnConvert.parse(info, TSTInfo);
  if (messageImprint.hashAlgorithm.algorithm !== sha256Oid || !Buffer.from(messageImprint.hashedMessage.buffer).equals(sha256)) throw new Error('the stamp is on other bytes');
  if (!answered || !Buffer.from(answered).equals(nonce)) throw new Error('the stamp answers another request');
  return { response, atMs: genTime.getTime() };
}

/** Has bytes stamped over HTTP (RFC 3161 section 3.4). */
export async function fetchStamp(bytes: Uint8Array, { url, deadlineMs, randomBytes, fetch }: { readonly url: string; readonly deadlineMs: number; readonly randomBytes: (length: number) => Uint8Array; readonly fetch: typeof globalThis.fetch }): Promise<Stamp> {
  const asked = stampRequestOf(bytes, randomBytes);
  const response = await fetch(url, { method: 'POST', body: asked.request as Uint8Array<ArrayBuffer>, headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }, redirect: 'error', signal: AbortSignal.timeout(deadlineMs) });
  if (response.status !== 200) throw new Error(`the authority answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > longestResponse) throw new Error(`the answer is longer than ${longestResponse} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return stampOf(Buffer.concat(chunks), asked);
}

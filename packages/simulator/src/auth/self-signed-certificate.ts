// Makes the self-signed certificate that a simulated camera shows over TLS, as cameras do out of the box (X.509, RFC 5280; ECDSA P-256).
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate with its private key. */
export interface SelfSignedCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 in hex, with colons. */
  readonly fingerprint: string;
}

const ecdsaWithSha256 = der(0x06, Buffer.from('2a8648ce3d040302', 'hex'));
const commonName = der(0x06, Buffer.from('550403', 'hex'));
const subjectAltName = der(0x06, Buffer.from('551d11', 'hex'));
const basicConstraints = der(0x06, Buffer.from('551d13', 'hex'));
const validDays = 3650;
const dayMs = 86_400_000;

/** A certificate for this host name or address, valid from a day ago. */
export function createSelfSignedCertificate(host: string, nowMs: number): SelfSignedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, ecdsaWithSha256);
  const name = der(0x30, der(0x31, der(0x30, commonName, der(0x0c, Buffer.from('Wanglou simulated camera')))));
  const validity = der(0x30, time(nowMs - dayMs), time(nowMs + validDays * dayMs));
  const extensions = der(0xa3, der(0x30, alternativeName(host), der(0x30, basicConstraints, der(0x04, der(0x30, der(0x01, Buffer.of(0xff)))))));
  const serial = der(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)]));
  const body = der(0x30, der(0xa0, der(0x02, Buffer.of(2))), serial, algorithm, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }), extensions);
  const signature = sign('sha256', body, privateKey);
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.of(0), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g)?.join('\n') ?? '';
  const fingerprint = createHash('sha256').update(whole).digest('hex').toUpperCase().match(/../g)?.join(':') ?? '';
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, fingerprint };
}

function alternativeName(host: string): Buffer {
  const name = isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));
  return der(0x30, subjectAltName, der(0x04, der(0x30, name)));
}

/** GeneralizedTime in whole seconds. */
function time(ms: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`));
}

/** Tag, length and content of ASN.1 DER. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const length = bytes.length < 0x80 ? Buffer.of(bytes.length) : bytes.length < 0x100 ? Buffer.of(0x81, bytes.length) : Buffer.of(0x82, bytes.length >> 8, bytes.length & 0xff);
  return Buffer.concat([Buffer.of(tag), length, bytes]);
}

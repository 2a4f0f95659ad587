// Sends SOAP requests to a simulated device, with the two ways to log in.
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export const namespaces = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
} as const;

export function envelope(namespace: string, operation: string, inner = '', header = ''): string {
  return `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header>${header}</e:Header><e:Body><${operation} xmlns="${namespace}">${inner}</${operation}></e:Body></e:Envelope>`;
}

export function usernameToken(password: string, created: string, nonce = randomBytes(16)): string {
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return `<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><w:UsernameToken><w:Username>admin</w:Username><w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">${digest}</w:Password><w:Nonce>${nonce.toString('base64')}</w:Nonce><u:Created xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">${created}</u:Created></w:UsernameToken></w:Security>`;
}

/** One request on its own connection. */
export function post(url: string, body: string, headers: Record<string, string> = {}): Promise<{ status: number; challenge: string; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/soap+xml', ...headers } }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, challenge: response.headers['www-authenticate'] ?? '', body: answer }), reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

export function digestHeader(challenge: string, password: string, path: string): string {
  const value = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(challenge)?.[1] ?? '';
  const algorithm = value('algorithm');
  const hash = (text: string): string => createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5').update(text).digest('hex');
  const secret = hash(`admin:${value('realm')}:${password}`);
  const response = hash(`${secret}:${value('nonce')}:00000001:abcdef:auth:${hash(`POST:${path}`)}`);
  return `Digest username="admin", realm="${value('realm')}", nonce="${value('nonce')}", uri="${path}", qop=auth, nc=00000001, cnonce="abcdef", response="${response}", algorithm=${algorithm}`;
}

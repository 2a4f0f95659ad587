// The seam around the `onvif` package (0.8.3): it writes the requests; transport, login, clock and reading are ours.
// Its own network layer hangs on dripping answers, reads without a cap, cannot log in with non-ASCII passwords and turns serial
// numbers into doubles. `test/library-seam.test.ts` fails when a new version moves the names used here.
import { createHash, randomBytes } from 'node:crypto';
import onvif from 'onvif';
import { escapeXml } from './xml-node.ts';

/** Called by the library only when it cannot write the request: its network layer is replaced and never answers. */
export type LibraryCallback = (error: unknown) => void;

/** Methods of the library's `Cam` that we use. */
export interface LibraryCamera {
  getSystemDateAndTime(callback: LibraryCallback): void;
  getServices(includeCapability: boolean, callback: LibraryCallback): void;
  getCapabilities(callback: LibraryCallback): void;
  getDeviceInformation(callback: LibraryCallback): void;
  getProfiles(callback: LibraryCallback): void;
  /** The token is written into XML as it is: escape it. */
  getStreamUri(options: { readonly protocol: string; readonly profileToken: string }, callback: LibraryCallback): void;
}

/** Writes one request by calling one method. */
export type LibraryCall = (camera: LibraryCamera, callback: LibraryCallback) => void;

/** A request as the library would send it. */
export interface LibraryRequest {
  /** `device`, `media`, `media2`, ... */
  readonly service: string;
  readonly action: string;
  readonly body: string;
}

/** How the request is written. */
export interface LibraryRequestOptions {
  /** Use the Media2 form of the media calls. */
  readonly media2?: boolean;
  /** Put a UsernameToken into the header. */
  readonly token?: { readonly username: string; readonly password: string; readonly createdMs: number };
}

/** The private members of `Cam` that are replaced or set. */
interface CameraSeams extends LibraryCamera {
  useWSSecurity: boolean;
  media2Support: boolean;
  _requestPart2(options: { readonly service?: string; readonly action: string; readonly body: string }): void;
  _passwordDigest(): { readonly passdigest: string; readonly nonce: string; readonly timestamp: string };
}

/** Has the library write the request that `call` makes. Rejects when it writes none or throws. */
export function writeLibraryRequest(call: LibraryCall, options: LibraryRequestOptions = {}): Promise<LibraryRequest> {
  const { token } = options;
  return new Promise((resolve, reject) => {
    const camera = new onvif.Cam({
      hostname: 'device',
      autoconnect: false,
      // The library writes the name unescaped into XML, and writes no token without a password.
      username: escapeXml(token?.username ?? ''),
      password: token ? 'set' : '',
    }) as unknown as CameraSeams;
    camera.useWSSecurity = token !== undefined;
    camera.media2Support = options.media2 ?? false;
    camera._passwordDigest = () => createPasswordDigest(token?.password ?? '', token?.createdMs ?? 0);
    camera._requestPart2 = (request) => resolve({ service: request.service ?? 'device', action: request.action, body: request.body });
    try {
      call(camera, reject);
    } catch (error) {
      reject(error);
    }
  });
}

/** WSS UsernameToken Profile 1.1 clause 3.1: Base64(SHA-1(nonce + created + password)), the password in UTF-8. */
function createPasswordDigest(password: string, createdMs: number): ReturnType<CameraSeams['_passwordDigest']> {
  const timestamp = new Date(createdMs).toISOString();
  const nonce = randomBytes(16);
  const passdigest = createHash('sha1').update(nonce).update(timestamp).update(password, 'utf8').digest('base64');
  return { passdigest, nonce: nonce.toString('base64'), timestamp };
}

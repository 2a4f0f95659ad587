// The key that makes this browser a registered workstation: made here, kept by the browser, readable by nobody. Article 9(4).

/** The key of this browser, and the workstation it stands for. */
export interface DeviceKey {
  readonly workstation: string;
  readonly privateKey: CryptoKey;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const database = 'wanglou';
const store = 'keys';
const place = 'workstation';

/** Whether this browser can hold a key: pages over plain HTTP have no cryptography, save on the machine itself. */
export function canHoldKey(): boolean {
  return globalThis.isSecureContext && 'indexedDB' in globalThis;
}

/** What is signed to prove the workstation. */
export function proofText(workstation: string, nonce: string): string {
  return `wanglou-workstation\n${workstation}\n${nonce}\n`;
}

/** Bytes in base64. */
export function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

/** Makes a key whose private half cannot be taken out, with its public half as SPKI in base64. */
export async function makeKey(): Promise<{ readonly privateKey: CryptoKey; readonly publicKey: string }> {
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  return { privateKey: pair.privateKey, publicKey: toBase64(await crypto.subtle.exportKey('spki', pair.publicKey)) };
}

/** Signs a challenge: ECDSA P-256 with SHA-256, r and s in 64 bytes, in base64. */
export async function signChallenge({ workstation, privateKey }: DeviceKey, nonce: string): Promise<string> {
  const text = new TextEncoder().encode(proofText(workstation, nonce));
  return toBase64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, text));
}

/** The key of this browser, where it has one. */
export function readKey(): Promise<DeviceKey | undefined> {
  return inStore('readonly', (keys) => keys.get(place) as IDBRequest<DeviceKey | undefined>);
}

/** Keeps the key. */
export async function keepKey(key: DeviceKey): Promise<void> {
  await inStore('readwrite', (keys) => keys.put(key, place));
}

/** Forgets the key: this browser is no workstation any more. */
export async function forgetKey(): Promise<void> {
  await inStore('readwrite', (keys) => keys.delete(place));
}

async function inStore<T>(mode: IDBTransactionMode, act: (keys: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opened = indexedDB.open(database, 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore(store);
  const db = await settled(opened);
  try {
    return await settled(act(db.transaction(store, mode).objectStore(store)));
  } finally {
    db.close();
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

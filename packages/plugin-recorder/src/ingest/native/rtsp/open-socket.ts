// Opens the socket of an RTSP connection, plain or over TLS, and decides whether the camera's certificate is trusted before anything is said.
import net from 'node:net';
import tls from 'node:tls';
import type { IngestTls } from '../../ingest-engine.ts';
import { IngestError } from '../../ingest-error.ts';

/** Where to connect and what to read into. */
export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined without TLS. */
  readonly secure: IngestTls | undefined;
  readonly buffer: Buffer;
  readonly read: (length: number, buffer: Buffer) => boolean;
}

/** A socket that is being connected. */
export interface OpeningSocket {
  readonly socket: net.Socket;
  /** Settles when requests may be sent; rejects with `CERTIFICATE`. A connection that fails is told by the socket's own events. */
  readonly ready: Promise<void>;
}

/** Starts to connect. */
export function openSocket({ host, port, secure, buffer, read }: SocketOptions): OpeningSocket {
  const onread = { buffer, callback: (length: number, bytes: Uint8Array) => read(length, bytes as Buffer) };
  if (secure === undefined) {
    const socket = net.connect({ host, port, noDelay: true, onread });
    return { socket, ready: new Promise((resolve) => socket.once('connect', () => resolve())) };
  }
  // The check is made below, where the message can name the certificate; nothing is sent before it.
  const options: tls.ConnectionOptions & { onread: typeof onread } = { host, port, onread, rejectUnauthorized: false, ...(net.isIP(host) === 0 && { servername: host }) };
  const socket = tls.connect(options);
  socket.setNoDelay(true);
  const ready = new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', () => {
      const distrust = distrustOf(socket, secure);
      if (distrust === undefined) resolve();
      else reject(distrust);
    });
  });
  return { socket, ready };
}

function distrustOf(socket: tls.TLSSocket, { fingerprint }: IngestTls): IngestError | undefined {
  const shown = socket.getPeerCertificate().fingerprint256 ?? '';
  const plain = (text: string): string => text.replace(/[^0-9a-f]/gi, '').toLowerCase();
  if (fingerprint !== undefined) {
    if (plain(shown) === plain(fingerprint)) return undefined;
    return new IngestError('CERTIFICATE', `the certificate of the camera is not the pinned one, but ${shown}; if the camera got a new certificate, configure this fingerprint`);
  }
  if (socket.authorized) return undefined;
  const reason = String(socket.authorizationError).slice(0, 80);
  return new IngestError('CERTIFICATE', `the certificate of the camera is not trusted (${reason}); compare its SHA-256 fingerprint ${shown} at the camera and pin it, or install its certificate authority`);
}

// POSTs SOAP over HTTP(S) with a total deadline and a byte cap; every failure becomes an OnvifError.
import http from 'node:http';
import https from 'node:https';
import { OnvifError } from './onvif-error.ts';
import type { HttpAnswer } from './soap-answer.ts';
import type { IncomingMessage } from 'node:http';

/** One request. */
export interface SoapPost {
  readonly url: URL;
  readonly body: string;
  /** SOAP action, part of the content type (SOAP 1.2 part 2 clause 6.5). */
  readonly action: string;
  readonly authorization?: string;
  /** For the sentence of a timeout, such as `GetProfiles`. */
  readonly step: string;
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

/** An answer with its challenges. */
export interface TransportAnswer extends HttpAnswer {
  readonly challenges: readonly string[];
}

/** Settings of a {@link SoapTransport}. */
export interface SoapTransportOptions {
  /** From the first byte sent to the last received; a device that drips bytes does not prolong it. Default 10 s. */
  readonly deadlineMs?: number;
  /** Longest accepted body. Default 4 MiB. */
  readonly maxBytes?: number;
}

/** Keeps at most two connections to a device. */
export class SoapTransport {
  readonly #deadlineMs: number;
  readonly #maxBytes: number;
  readonly #agents = { 'http:': new http.Agent({ keepAlive: true, maxSockets: 2 }), 'https:': new https.Agent({ keepAlive: true, maxSockets: 2 }) };

  constructor(options: SoapTransportOptions = {}) {
    this.#deadlineMs = options.deadlineMs ?? 10_000;
    this.#maxBytes = options.maxBytes ?? 4 * 1024 * 1024;
  }

  /** Sends one request; tried once more when a kept connection turns out to be closed. @throws OnvifError */
  async post(post: SoapPost): Promise<TransportAnswer> {
    const deadlineMs = post.deadlineMs ?? this.#deadlineMs;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = post.signal ? AbortSignal.any([post.signal, deadline]) : deadline;
    try {
      return await this.#once(post, signal).catch((error: unknown) => {
        if (error instanceof StaleConnection && !signal.aborted) return this.#once(post, signal);
        throw error;
      });
    } catch (error) {
      post.signal?.throwIfAborted();
      if (deadline.aborted) throw new OnvifError('TIMEOUT', { step: post.step, seconds: deadlineMs / 1000, address: post.url.host }, { cause: error });
      throw this.#explain(error, post.url);
    }
  }

  /** Closes kept connections. */
  close(): void {
    this.#agents['http:'].destroy();
    this.#agents['https:'].destroy();
  }

  #once(post: SoapPost, signal: AbortSignal): Promise<TransportAnswer> {
    return new Promise((resolve, reject) => {
      const secure = post.url.protocol === 'https:';
      const request = (secure ? https : http).request(post.url, {
        method: 'POST',
        agent: this.#agents[secure ? 'https:' : 'http:'],
        signal,
        headers: {
          'content-type': `application/soap+xml; charset=utf-8; action="${post.action}"`,
          'content-length': Buffer.byteLength(post.body),
          ...(post.authorization === undefined ? {} : { authorization: post.authorization }),
        },
      });
      request.once('response', (response) => void this.#collect(response).then(resolve, reject));
      request.on('error', (error: NodeJS.ErrnoException) => {
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection('closed', { cause: error }) : error);
      });
      request.end(post.body);
    });
  }

  async #collect(response: IncomingMessage): Promise<TransportAnswer> {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      // Leaving the loop destroys the response and its connection.
      if (sizeBytes > this.#maxBytes) throw new OnvifError('TOO_LARGE', { limit: this.#maxBytes });
      chunks.push(chunk);
    }
    return {
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      challenges: response.headersDistinct['www-authenticate'] ?? [],
      body: Buffer.concat(chunks),
    };
  }

  #explain(error: unknown, url: URL): OnvifError {
    if (error instanceof OnvifError) return error;
    const cause = error instanceof StaleConnection ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (code === 'HPE_HEADER_OVERFLOW') return new OnvifError('TOO_LARGE', { limit: http.maxHeaderSize }, { cause: error });
    if (code.startsWith('HPE_')) return new OnvifError('MALFORMED', { reason: 'the answer is not HTTP' }, { cause: error });
    if (url.protocol === 'https:' && /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code)) return new OnvifError('TLS', { reason }, { cause: error });
    return new OnvifError('UNREACHABLE', { address: url.host, reason: code === '' ? reason : code }, { cause: error });
  }
}

/** A kept connection had been closed by the device meanwhile. */
class StaleConnection extends Error {}

// How ffmpeg is told what to receive. Addresses with credentials go through its standard input: arguments can be read by every user of the computer.
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IngestOptions, IngestSource } from '../ingest-engine.ts';
import { IngestError } from '../ingest-error.ts';

/** What to give to ffmpeg. */
export interface FfmpegInput {
  readonly inputOptions: readonly string[];
  /** A script for its standard input, else the file to read. */
  readonly script?: string;
  readonly file?: string;
  /** Takes addresses and passwords out of what ffmpeg says. */
  readonly redact: (text: string) => string;
}

/** Settings of {@link ffmpegInput}. */
export interface FfmpegInputOptions {
  readonly source: IngestSource;
  readonly ingest: IngestOptions;
  /** Folder that `file:` addresses may name; without one there are none. */
  readonly filesFolder: string | undefined;
  /** The stream has no times of its own, so that those of the arrival count. */
  readonly arrivalTimes: boolean;
}

/** Protocols that ffmpeg may use for each kind of address: what a server sends must never make it read files. */
const protocols: Readonly<Record<string, readonly string[]>> = {
  'rtsp:': ['rtsp', 'rtp', 'udp', 'tcp', 'http'],
  'rtmp:': ['rtmp', 'tcp'],
  'http:': ['http', 'tcp', 'crypto', 'data'],
  'https:': ['https', 'tls', 'tcp', 'crypto', 'data'],
  'udp:': ['udp'],
};

/** Plans the input; throws `UNSUPPORTED_ADDRESS`. */
export async function ffmpegInput({ source, ingest, filesFolder, arrivalTimes }: FfmpegInputOptions): Promise<FfmpegInput> {
  const url = URL.canParse(source.url) ? new URL(source.url) : undefined;
  if (url?.protocol === 'file:') return { inputOptions: ['-re', '-stream_loop', '-1'], file: await allowedFile(url, filesFolder), redact: (text) => text };
  if (url?.protocol === 'rtsps:') throw new IngestError('UNSUPPORTED_ADDRESS', 'ffmpeg does not check the certificate of rtsps:// addresses; use a codec that is received without it, or rtsp:// on a network of its own');
  if (source.tls?.fingerprint !== undefined) throw new IngestError('UNSUPPORTED_ADDRESS', 'ffmpeg cannot compare the fingerprint of a certificate; have an authority sign it');
  const allowed = url && protocols[url.protocol];
  if (url === undefined || allowed === undefined || url.hostname === '' || /[\0-\x20\x7f]/.test(source.url)) {
    throw new IngestError('UNSUPPORTED_ADDRESS', `the stream address must begin with rtsp, rtmp, http, https or udp${url === undefined ? '' : `, not ${url.protocol}//`}`);
  }
  const lines = ['ffconcat version 1.0', `file '${withCredentials(source, url)}'`, ...Object.entries(optionsOf(source, url, ingest, arrivalTimes)).map(([name, value]) => `option ${name} ${value}`)];
  return {
    inputOptions: ['-protocol_whitelist', ['pipe', ...allowed].join(','), '-safe', '0', '-f', 'concat'],
    script: `${lines.join('\n')}\n`,
    redact: redactor(source, url),
  };
}

/** Pictures over HTTP come without times. */
export function hasNoClock({ url }: IngestSource): boolean {
  return /^https?:/i.test(url);
}

/** Options of the input itself, in microseconds where they are times. */
function optionsOf(source: IngestSource, url: URL, ingest: IngestOptions, arrivalTimes: boolean): Record<string, string> {
  const stillMs = Math.max(ingest.requestMs, ingest.silenceMs);
  const timing: Record<string, string> = arrivalTimes ? { use_wallclock_as_timestamps: '1' } : {};
  if (url.protocol === 'rtsp:') return { ...timing, timeout: `${stillMs * 1000}`, ...rtspTransport(source) };
  if (url.protocol === 'https:') return { ...timing, rw_timeout: `${stillMs * 1000}`, tls_verify: '1' };
  return { ...timing, [url.protocol === 'udp:' ? 'timeout' : 'rw_timeout']: `${stillMs * 1000}` };
}

function rtspTransport({ transport = 'auto' }: IngestSource): Record<string, string> {
  if (transport === 'auto') return { rtsp_flags: 'prefer_tcp' };
  return { rtsp_transport: transport === 'multicast' ? 'udp_multicast' : transport };
}

/** Credentials of the configuration win over those in the address. */
function withCredentials({ url: address, credentials }: IngestSource, url: URL): string {
  const own = credentials === undefined ? (url.username === '' ? '' : `${url.username}:${url.password}@`) : `${encode(credentials.username)}:${encode(credentials.password)}@`;
  return address.replace(/^([a-z]+:\/\/)(?:[^/?#]*@)?/i, (_, scheme: string) => `${scheme}${own}`).replaceAll("'", '%27');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("'", '%27');
}

function redactor({ credentials }: IngestSource, url: URL): (text: string) => string {
  const secrets = [credentials?.password, credentials && encode(credentials.password), url.password, decodeURIComponentSafely(url.password), url.search].filter((secret) => secret !== undefined && secret !== '');
  return (text) => secrets.reduce<string>((shown, secret) => shown.replaceAll(secret ?? '', '***'), text.replace(/\/\/[^/\s']*@/g, '//'));
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Links are followed before it is decided: a link must not lead out of the folder. */
async function allowedFile(url: URL, folder: string | undefined): Promise<string> {
  if (folder === undefined) throw new IngestError('UNSUPPORTED_ADDRESS', 'files are received only out of the folder that the recorder names in filesFolder');
  const [file, root] = await Promise.all([realpath(fileURLToPath(url)).catch(() => undefined), realpath(folder).catch(() => undefined)]);
  if (file === undefined || root === undefined) throw new IngestError('NOT_FOUND', 'the file of the address does not exist');
  const inside = relative(root, file);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) throw new IngestError('UNSUPPORTED_ADDRESS', 'the file of the address lies outside of filesFolder');
  return file;
}

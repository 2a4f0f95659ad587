// The error that ingest engines report: a stable code for programs, a message for people.

/**
 * Codes of {@link IngestError}.
 * - `CONNECT` no TCP connection; `TIMEOUT` a step or the stream stood still too long; `CLOSED` the camera ended the connection
 * - `UNAUTHORIZED` wrong or missing credentials; `NOT_FOUND` no such stream; `REFUSED` another RTSP error status
 * - `PROTOCOL` bytes that are not RTSP or RTP; `UNSUPPORTED_CODEC` nothing here that can be recorded; `UNSUPPORTED_ADDRESS` not an rtsp:// or rtsps:// address
 * - `CERTIFICATE` the camera's TLS certificate is not trusted
 * - `FFMPEG_MISSING` ffmpeg would be needed, and is not there or too old
 * - `STOPPED` the recorder itself ended the session
 */
export type IngestErrorCode =
  | 'CONNECT' | 'TIMEOUT' | 'CLOSED' | 'UNAUTHORIZED' | 'NOT_FOUND' | 'REFUSED'
  | 'PROTOCOL' | 'UNSUPPORTED_CODEC' | 'UNSUPPORTED_ADDRESS' | 'CERTIFICATE' | 'FFMPEG_MISSING' | 'STOPPED';

/** Why a stream could not be received. The message never holds credentials. */
export class IngestError extends Error {
  override readonly name = 'IngestError';
  readonly code: IngestErrorCode;
  /** Where the camera wants to be asked instead. */
  readonly location: string | undefined;
  /** A command that puts it right on this system. */
  readonly advice: string | undefined;

  constructor(code: IngestErrorCode, message: string, options?: ErrorOptions & { readonly location?: string; readonly advice?: string | undefined }) {
    super(message, options);
    this.code = code;
    this.location = options?.location;
    this.advice = options?.advice;
  }
}

/** Any thrown value as an {@link IngestError}; unknown faults are protocol errors, since they come from received bytes. */
export function toIngestError(error: unknown): IngestError {
  if (error instanceof IngestError) return error;
  return new IngestError('PROTOCOL', error instanceof Error ? error.message : String(error), { cause: error });
}

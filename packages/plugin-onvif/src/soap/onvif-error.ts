// The one error of the domain folders. `plugin.ts` turns it into core's CameraError, which has the same codes and the sentences.

/** What kind of failure it is; the same words as core's camera error codes. */
export type OnvifErrorCode =
  | 'UNREACHABLE' | 'TIMEOUT' | 'TLS' | 'BAD_CREDENTIALS' | 'LOCKED_OUT' | 'CLOCK_SKEW'
  | 'NOT_SUPPORTED' | 'DEVICE_FAULT' | 'MALFORMED' | 'TOO_LARGE' | 'BUSY';

/** Facts that make the sentence: `address`, `step`, `seconds`, `reason`, `limit`, `what`. Never a credential. */
export type OnvifErrorParams = Readonly<Record<string, string | number>>;

/** A failure of a device or of the way to it. */
export class OnvifError extends Error {
  override readonly name = 'OnvifError';
  readonly code: OnvifErrorCode;
  readonly params: OnvifErrorParams;

  constructor(code: OnvifErrorCode, params: OnvifErrorParams, options?: ErrorOptions) {
    super(`${code} ${Object.entries(params).map(([key, value]) => `${key}=${value}`).join(' ')}`, options);
    this.code = code;
    this.params = params;
  }
}

/** Gives back an `OnvifError` as it is and wraps anything else, so that callers meet one class only. */
export function asOnvifError(error: unknown): OnvifError {
  if (error instanceof OnvifError) return error;
  return new OnvifError('MALFORMED', { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
}

// Writes RTSP responses (RFC 2326 clause 7).

/** Status codes that the server uses, with their phrases. */
export const rtspReasons = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  459: 'Aggregate Operation Not Allowed',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  505: 'RTSP Version Not Supported',
  551: 'Option not supported',
} as const;

export type RtspStatus = keyof typeof rtspReasons;

/** One response; a header may be repeated, so headers are a list. */
export interface RtspResponse {
  readonly status: RtspStatus;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** Encodes `response` for the request with this `CSeq` (left out when the request had none). */
export function encodeRtspResponse(response: RtspResponse, sequence: string | undefined): Buffer {
  const lines = [`RTSP/1.0 ${response.status} ${rtspReasons[response.status]}`];
  if (sequence !== undefined) lines.push(`CSeq: ${sequence}`);
  for (const [name, value] of response.headers ?? []) lines.push(`${name}: ${value}`);
  const body = response.body ?? '';
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

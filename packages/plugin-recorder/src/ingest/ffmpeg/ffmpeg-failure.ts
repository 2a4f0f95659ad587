// What the last words of ffmpeg mean, in the codes of the ingest engines.
import { IngestError, type IngestErrorCode } from '../ingest-error.ts';

/** First match wins; each sentence is what people read. */
const meanings: readonly (readonly [RegExp, IngestErrorCode, string])[] = [
  [/401 Unauthorized|authorization failed|403 Forbidden|access denied/i, 'UNAUTHORIZED', 'the camera refused user name or password'],
  [/404 Not Found|454 Session|StreamNotFound/i, 'NOT_FOUND', 'the camera has no such stream'],
  [/certificate|TLS/i, 'CERTIFICATE', 'the certificate of the address is not trusted'],
  [/Connection refused|No route to host|unreachable|Failed to resolve|Host is down|Name or service not known/i, 'CONNECT', 'no connection to the camera'],
  [/timed out/i, 'TIMEOUT', 'the camera did not answer in time'],
  [/matches no streams|Could not find codec parameters|does not contain any stream|no decoder found|unspecified size/i, 'UNSUPPORTED_CODEC', 'nothing that the camera sends can be recorded'],
  [/Server returned [45]|method \w+ failed: [45]/i, 'REFUSED', 'the camera refused the stream'],
  [/Protocol '.*' not on whitelist/i, 'REFUSED', 'the stream leads to an address that is not allowed'],
  [/Invalid data found/i, 'PROTOCOL', 'what the camera sends is no video'],
];

/** @param lines - what ffmpeg said, newest last, without credentials */
export function ffmpegFailure(lines: readonly string[], wasPlaying: boolean): IngestError {
  if (wasPlaying) return new IngestError('CLOSED', `the stream ended${lastWords(lines)}`);
  const text = lines.join('\n');
  const [, code, sentence] = meanings.find(([pattern]) => pattern.test(text)) ?? [undefined, 'CLOSED' as const, 'the stream ended before its first picture'];
  return new IngestError(code, `${sentence}${lastWords(lines)}`);
}

function lastWords(lines: readonly string[]): string {
  const last = lines.findLast((line) => line.trim() !== '' && !/^\s|^frame=|^video:|^Exiting/.test(line));
  return last === undefined ? '' : ` (ffmpeg: ${last.replace(/^\[[^\]]*\] /, '').slice(0, 200)})`;
}

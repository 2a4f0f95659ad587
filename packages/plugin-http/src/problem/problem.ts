// Failures as problem documents (RFC 9457), in the reader's language, with the way forward.
import { isCodedError, type CodedError, type Decision, type Language, type Text } from '@wanglou/core';
import { HttpError } from '../errors.ts';

/** What a person can do about a refusal: an operation, with its input filled in as far as it is known. */
export interface NextStep {
  readonly operation: string;
  readonly input: unknown;
}

/** An `application/problem+json` document with our extension members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  /** The sentence in both languages. */
  readonly text: Text;
  readonly decision?: Pick<Decision, 'denials' | 'articles' | 'pack'>;
  readonly next?: NextStep;
}

/** The language a reader asks for; Chinese unless English comes first. RFC 9110 section 12.5.4. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const first = /\b(zh|en)\b/i.exec(acceptLanguage ?? '')?.[1];
  return first?.toLowerCase() === 'en' ? 'en' : 'zh';
}

/** Parameters of errors that name places on the server: for the log, not for a browser. */
const inside = ['path', 'file'];

/** Makes any failure a {@link CodedError}: ours stay, the server's own are named, the rest is unexpected and says nothing of its inside. */
export function toCodedError(error: unknown, requestId: string): CodedError {
  if (isCodedError(error)) return error.status >= 500 && inside.some((name) => name in error.params) ? new HttpError('UNEXPECTED', { request: requestId }, { cause: error }) : error;
  const { statusCode, message, code } = error as { statusCode?: number; message?: string; code?: string };
  if (code === 'FST_ERR_RATE_LIMIT' || statusCode === 429) return new HttpError('TOO_MANY_REQUESTS', { seconds: 60 });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new HttpError('BODY_INVALID', { reason: message ?? 'unknown' }, { cause: error });
  return new HttpError('UNEXPECTED', { request: requestId }, { cause: error });
}

/** The document of a failure. */
export function toProblem(error: CodedError, instance: string, language: Language, next?: NextStep): Problem {
  const decision = 'decision' in error ? (error.decision as Decision) : undefined;
  return {
    type: `https://wanglou.dev/errors/${error.code}`,
    title: error.code,
    status: error.status,
    detail: error.text[language],
    instance,
    code: error.code,
    text: error.text,
    ...(decision && { decision: { denials: decision.denials, articles: decision.articles, pack: decision.pack } }),
    ...(next && { next }),
  };
}

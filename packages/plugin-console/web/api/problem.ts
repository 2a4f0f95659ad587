// Refusals and failures as values a page can show (RFC 9457, with this project's members).
import type { Denial, Text } from '@wanglou/core';

/** What a request asks for, as far as a denial knows it. */
export interface AskedFor {
  readonly cameras: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly actions: readonly string[];
  /** Where a copy was to go. */
  readonly destination?: string;
}

/** Where a denied person can go next: the operation that starts getting what is missing, with its input prefilled. */
export type NextStep = { readonly operation: 'request.submit'; readonly input: AskedFor } | { readonly operation: 'duty.begin' };

/** What the server, or the network, answered instead of a result. */
export interface ProblemFacts {
  /** Literal code, such as `PERMISSION_DENIED`; `NETWORK` and `NOT_JSON` are made here. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly text: Text;
  /** Where it happened, for the record. */
  readonly instance?: string;
  /** Id of the call, where the server names it: a refusal has a receipt too. */
  readonly call?: string;
  readonly denials: readonly Denial[];
  readonly next?: NextStep;
  /** What was asked, for a denial: the rules can be asked why. Never shown or copied: it may hold a password. */
  readonly asked?: { readonly operation: string; readonly input: unknown };
}

/** Codes of wrong proofs: they are answered with 401, but the session, where there is one, goes on. */
const wrongProofs: readonly string[] = ['SIGN_IN_FAILED', 'CODE_NEEDED', 'LOCKED_OUT', 'SIGN_IN_BUSY', 'PRESENCE_CODE_WRONG', 'ENROLMENT_INVALID', 'OIDC_FAILED', 'OIDC_STRANGER'];

/** A refusal or failure that reached the page. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly facts: ProblemFacts;

  constructor(facts: ProblemFacts, options?: ErrorOptions) {
    super(`${facts.code}: ${facts.text.en}`, options);
    this.facts = facts;
  }

  get code(): string {
    return this.facts.code;
  }

  /** The policy said no. */
  get denied(): boolean {
    return this.facts.denials.length > 0 || this.code === 'PERMISSION_DENIED';
  }

  /** Nothing is missing but a fresh proof of who one is. */
  get onlyStepUp(): boolean {
    const { code, denials } = this.facts;
    // An operation that asks for it by itself, without a rule.
    if (code === 'STEP_UP_NEEDED') return true;
    return denials.length > 0 && denials.every(({ missing }) => missing.length > 0 && missing.every(({ kind }) => kind === 'step-up'));
  }

  /** The same problem, with what was asked. */
  about(operation: string, input: unknown): Problem {
    return new Problem({ ...this.facts, asked: { operation, input } }, { cause: this.cause });
  }

  /** Nobody is signed in any more. */
  get signedOut(): boolean {
    if (wrongProofs.includes(this.code)) return false;
    return this.facts.status === 401 || this.facts.denials.some(({ missing }) => missing.some(({ kind }) => kind === 'sign-in'));
  }
}

const network: Text = { zh: '无法连接服务器，请检查网络', en: 'The server cannot be reached; check the network' };
const unreadable: Text = { zh: '服务器的响应无法识别', en: 'The answer of the server cannot be read' };

/** There was no answer at all. */
export function networkProblem(cause: unknown): Problem {
  return new Problem({ code: 'NETWORK', status: 0, text: network, denials: [] }, { cause });
}

/** Any thrown value as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem({ code: 'PAGE_ERROR', status: 0, text: { zh: `页面出错：${message}`, en: `The page failed: ${message}` }, denials: [] }, { cause: error });
}

/** Reads a problem document. Whatever is not as it should be is left out, never trusted. */
export function parseProblem(status: number, body: unknown, call?: string): Problem {
  if (!isRecord(body)) return new Problem({ code: 'NOT_JSON', status, text: withStatus(unreadable, status), denials: [] });
  const decision = isRecord(body['decision']) ? body['decision'] : {};
  const denials = Array.isArray(decision['denials']) ? decision['denials'].filter(isDenial) : [];
  const next = parseNext(body['next']);
  return new Problem({
    code: typeof body['code'] === 'string' ? body['code'] : `HTTP_${status}`,
    status,
    text: isText(body['text']) ? body['text'] : plainText(body, status),
    denials,
    ...(typeof body['instance'] === 'string' && { instance: body['instance'] }),
    ...(next && { next }),
    ...(call !== undefined && { call }),
  });
}

/** A problem as lines a person can send to whoever looks after the system. */
export function diagnosisOf(problem: Problem, where: { readonly path: string; readonly atMs: number; readonly agent: string }): string {
  const { code, status, text, instance, denials } = problem.facts;
  const about = { code, status, text: text.en, instance, denials: denials.map(({ rule, article }) => ({ rule, article })), path: where.path, at: new Date(where.atMs).toISOString(), agent: where.agent };
  return JSON.stringify(about, undefined, 2);
}

function parseNext(value: unknown): NextStep | undefined {
  if (!isRecord(value)) return undefined;
  if (value['operation'] === 'duty.begin') return { operation: 'duty.begin' };
  if (value['operation'] !== 'request.submit' || !isRecord(value['input'])) return undefined;
  const { cameras, fromMs, toMs, actions, destination } = value['input'];
  if (!isStrings(cameras) || !isStrings(actions) || !Number.isSafeInteger(fromMs) || !Number.isSafeInteger(toMs)) return undefined;
  return { operation: 'request.submit', input: { cameras, actions, fromMs: fromMs as number, toMs: toMs as number, ...(typeof destination === 'string' && { destination }) } };
}

function plainText(body: Record<string, unknown>, status: number): Text {
  const words = [body['detail'], body['title']].find((part) => typeof part === 'string' && part !== '') as string | undefined;
  return words ? { zh: words, en: words } : withStatus(unreadable, status);
}

function withStatus(text: Text, status: number): Text {
  return { zh: `${text.zh}（HTTP ${status}）`, en: `${text.en} (HTTP ${status})` };
}

function isDenial(value: unknown): value is Denial {
  return isRecord(value) && typeof value['rule'] === 'string' && typeof value['article'] === 'string' && isText(value['text']) && Array.isArray(value['missing']);
}

function isText(value: unknown): value is Text {
  return isRecord(value) && typeof value['zh'] === 'string' && typeof value['en'] === 'string';
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

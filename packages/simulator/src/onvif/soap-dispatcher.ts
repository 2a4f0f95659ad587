// From the text of a SOAP request to the HTTP answer: finds the operation, checks the login, writes answer or fault.
import { childOf } from './xml-element.ts';
import { deviceOperations } from './device-operations.ts';
import { media2Operations, mediaOperations } from './media-operations.ts';
import { readSoapRequest, serviceNamespaces, SoapFault, writeSoapAnswer, writeSoapFault } from './soap-message.ts';
import type { OnvifContext } from './onvif-context.ts';
import type { SoapOperation } from './soap-operation.ts';
import type { SoapRequest } from './soap-message.ts';

/** The HTTP request as far as it matters. */
export interface SoapCall {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** The HTTP answer. */
export interface SoapReply {
  readonly status: number;
  readonly challenges: readonly string[];
  readonly body: string;
}

/** Answers `call`; a wrong request gives a fault, never an exception. */
export function dispatchSoapCall(call: SoapCall, context: OnvifContext): SoapReply {
  context.counters.soapRequests += 1;
  try {
    const request = readSoapRequest(call.body);
    const operation = findOperation(request, context);
    const refusal = operation.beforeLogin ? undefined : refuseLogin(request, call, context);
    return refusal ?? { status: 200, challenges: [], body: writeSoapAnswer(operation.answer(context, request.parameters)) };
  } catch (error) {
    if (!(error instanceof SoapFault)) throw error;
    return replyWithFault(error, [], context);
  }
}

function findOperation(request: SoapRequest, context: OnvifContext): SoapOperation {
  const services: Readonly<Record<string, Readonly<Record<string, SoapOperation>>>> = {
    [serviceNamespaces.device]: deviceOperations,
    [serviceNamespaces.media]: mediaOperations,
    ...(context.facts.media2 ? { [serviceNamespaces.media2]: media2Operations } : {}),
  };
  const service = Object.hasOwn(services, request.namespace) ? services[request.namespace] : undefined;
  const operation = service && Object.hasOwn(service, request.operation) ? service[request.operation] : undefined;
  if (operation) return operation;
  throw new SoapFault(`Operation ${request.operation.slice(0, 60)} is not there`, { code: 'Receiver', subcodes: ['ActionNotSupported'], httpStatus: 500 });
}

/** HTTP digest is tried first; a token in the envelope counts as well. `undefined` when the login is good. */
function refuseLogin(request: SoapRequest, call: SoapCall, context: OnvifContext): SoapReply | undefined {
  const { logins } = context.facts;
  const verdict = logins.includes('http-digest') ? context.digest.verify(call.authorization, 'POST', call.path) : 'missing';
  const tokenAccepted = logins.includes('username-token') && hasGoodToken(request, context);
  if ((verdict === 'accepted' || tokenAccepted) && context.fault() !== 'wrong-auth') return undefined;
  const tried = call.authorization !== undefined || request.usernameToken !== undefined;
  if (tried) context.counters.refusedSoapLogins += 1;
  const challenges = logins.includes('http-digest') ? context.digest.challenges(verdict === 'stale') : [];
  const httpStatus = challenges.length > 0 ? 401 : 400;
  return replyWithFault(new SoapFault('Sender not authorized', { code: 'Sender', subcodes: ['NotAuthorized'], httpStatus }), challenges, context);
}

function hasGoodToken(request: SoapRequest, context: OnvifContext): boolean {
  const token = request.usernameToken;
  const password = childOf(token, 'Password');
  if (!token || password?.attributes.get('Type')?.endsWith('#PasswordDigest') !== true) return false;
  const text = (name: string): string => childOf(token, name)?.text ?? '';
  return context.usernameTokens.accepts({ username: text('Username'), passwordDigest: password.text, nonce: text('Nonce'), created: text('Created') });
}

function replyWithFault(fault: SoapFault, challenges: readonly string[], context: OnvifContext): SoapReply {
  context.counters.soapFaults += 1;
  return { status: fault.options.httpStatus, challenges, body: writeSoapFault(fault) };
}

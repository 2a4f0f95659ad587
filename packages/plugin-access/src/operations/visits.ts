// Papers and presence of outside visits. Article 13.
import { factsChanged, presenceChanged, type AccessRequest, type PluginContext, type Principal, type Visit } from '@wanglou/core';
import { confirmPresence, documentBytes, keepPresence, leavePresence, readDocument, readPresence, storeDocument, type Presence } from '../contract.ts';
import { AccessError } from '../errors.ts';
import { isVisitorCode } from '../visits/visitors.ts';
import { addressOf, type Books } from './books.ts';
import { personOf } from './person-of.ts';
import { judges } from './readers.ts';

type RequestWithVisit = AccessRequest & { readonly visit: Visit };

/** Handles papers and presence. An extension is the same visit as what it extends: both speak of the presence and codes of the first. */
export function handleVisits(ctx: PluginContext, books: Books): void {
  const { presence, requests, documents, visits } = books;
  const firstOf = (request: AccessRequest) => visits.firstOf(request).id;
  const view = (request: RequestWithVisit): Presence => ({
    request: request.id,
    persons: request.visit.visitors.map(({ id: visitor, name }) => {
      const sinceMs = presence.sinceMs(firstOf(request), visitor);
      return { visitor, name, present: sinceMs !== undefined, ...(sinceMs !== undefined && { sinceMs }) };
    }),
    lapsesAfterMs: presence.lapsesAfterMs,
  });
  const tell = (request: RequestWithVisit) => {
    const here = view(request);
    ctx.emit(presenceChanged, { request: request.id, holder: request.requester, present: here.persons.filter((person) => person.present).map((person) => person.visitor) });
    ctx.emit(factsChanged, { principals: [request.requester] });
    return here;
  };

  ctx.handle(storeDocument, async ({ kind, mediaType, base64 }, { principal, note }) => {
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length > documentBytes) throw new AccessError('DOCUMENT_INVALID', { reason: { zh: `超过 ${documentBytes >> 20} MiB`, en: `it is larger than ${documentBytes >> 20} MiB` } });
    const stored = await documents.store(books.newId(), personOf(principal), { kind, mediaType, bytes });
    note({ document: stored.id, sha256: stored.sha256 });
    return stored;
  });
  ctx.handle(readDocument, async ({ request: id, document }, { principal }) => {
    const request = requests.get(id);
    // The rule lets anybody who judges see what is settled; the papers are for the units that judge this one.
    if (!request || !judges(books, request, principal)) throw new AccessError('DOCUMENT_UNKNOWN', { document });
    const { mediaType, bytes } = await documents.read(document, firstOf(request));
    return { mediaType, base64: bytes.toString('base64') };
  });
  ctx.handle(readPresence, ({ request }, { principal }) => view(visitOf(books, request, principal, true)));
  ctx.handle(confirmPresence, async ({ request: id, visitor, code }, { principal }) => {
    const request = visitOf(books, id, principal);
    const first = firstOf(request);
    const fits = await books.lockOut.guard(`visitor:${first}:${visitor}`, addressOf(principal), () => isVisitorCode(books.database, books.keys, first, visitor, code));
    if (!fits) throw new AccessError('PRESENCE_CODE_WRONG');
    presence.confirm(first, visitor, consoleOf(principal));
    return tell(request);
  });
  ctx.handle(keepPresence, ({ request: id }, { principal }) => {
    const request = visitOf(books, id, principal);
    presence.keep(firstOf(request), consoleOf(principal));
    return view(request);
  });
  ctx.handle(leavePresence, ({ request: id, visitor }, { principal }) => {
    const request = visitOf(books, id, principal);
    presence.leave(firstOf(request), visitor);
    return tell(request);
  });
  // Who went without a word: the kernel asks the rules every few seconds, the console is told here.
  ctx.defer(
    ctx.clock.every(presence.lapsesAfterMs / 3, () => {
      for (const id of presence.sweep()) {
        const request = requests.get(id);
        if (request?.visit) tell({ ...request, visit: request.visit });
      }
    }),
  );
}

/** The visit of a request, for its requester, and to read for the units that judge it. Throws `VISIT_UNKNOWN` for everybody else. */
function visitOf(books: Books, id: string, principal: Principal, toRead = false): RequestWithVisit {
  const request = books.requests.get(id);
  if (!request?.visit || (request.requester !== personOf(principal) && !(toRead && judges(books, request, principal)))) throw new AccessError('VISIT_UNKNOWN', { request: id });
  return { ...request, visit: request.visit };
}

/** Which console one is at: the session, or the embedding application. */
function consoleOf({ session, id }: Principal): string {
  return session ?? `embedded:${id}`;
}

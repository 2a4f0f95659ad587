// An extension is the same visit: its papers, codes and presence are those of the request that registered it. Article 13.
import type { AccessRequest, Grant } from '@wanglou/core';

/** What is looked into. */
export interface VisitBooks {
  readonly grants: { get(id: string): Grant | undefined };
  readonly requests: { get(id: string): AccessRequest | undefined };
}

/** From an extension back to what it extends. */
export class VisitLine {
  readonly #books: VisitBooks;

  constructor(books: VisitBooks) {
    this.#books = books;
  }

  /** The request that registered the visit. A grant is older than the request that extends it, so that this ends. */
  firstOf(request: AccessRequest): AccessRequest {
    const extended = request.extends === undefined ? undefined : this.#books.grants.get(request.extends);
    const before = extended?.request === undefined ? undefined : this.#books.requests.get(extended.request);
    return before ? this.firstOf(before) : request;
  }
}

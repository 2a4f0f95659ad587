/**
 * What other plugins may use of plugin-http.
 *
 * @packageDocumentation
 */
import { defineExtensionPoint, defineService, type EventRef, type Operation, type Person } from '@wanglou/core';

/** A folder of prebuilt files that the server gives out as they are. */
export interface StaticSite {
  /** `/` or `/something/`. */
  readonly prefix: string;
  /** The folder. Files under `assets/` have a hash in their name and are cached for good. */
  readonly directory: URL;
}

/** Folders of prebuilt files, such as the console. */
export const staticSites = defineExtensionPoint<StaticSite>('http.static-sites');

/** An event that browsers may follow over `GET /api/v1/events` (server-sent events). Whom neither rule lets in sees nothing. */
export interface PublishedEvent<T = any> {
  readonly event: EventRef<T>;
  /** Name of the server-sent event. */
  readonly name: string;
  /** Whoever may call this operation may see the event. */
  readonly reads?: Operation<any, any>;
  /** Narrows `reads`: whether the event is this reader's business at all. */
  concerns?(payload: T, reader: Person): boolean;
  /** The person, or the session, whom the event is about. */
  owner?(payload: T): string | undefined;
  /** What is sent; the payload itself when absent. */
  view?(payload: T): unknown;
}

/** Events that browsers may follow. */
export const publishedEvents = defineExtensionPoint<PublishedEvent>('http.published-events');

/** Where the server can be reached. */
export interface HttpServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Every route that is registered, for checks from outside. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
}

/** The server that listens. */
export const httpServerService = defineService<HttpServer>('http.server');

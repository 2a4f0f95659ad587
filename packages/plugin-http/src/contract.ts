/**
 * What other plugins may use of plugin-http.
 *
 * @packageDocumentation
 */
import { defineExtensionPoint, type EventRef, type Person, type Principal } from '@wanglou/core';

/** A folder of prebuilt files that the server gives out as they are. */
export interface StaticSite {
  /** `/` or `/something/`. */
  readonly prefix: string;
  /** The folder. Files with a hash in their name under `assets/` are cached for good. */
  readonly directory: URL;
}

/** Folders of prebuilt files, such as the console. */
export const staticSites = defineExtensionPoint<StaticSite>('http.static-sites');

/** An event that browsers may follow over `GET /api/v1/events` (server-sent events). */
export interface PublishedEvent<T = any> {
  readonly event: EventRef<T>;
  /** Name of the server-sent event. */
  readonly name: string;
  /** Who may see it. Default deny: there is no default. */
  visibleTo(payload: T, reader: { readonly principal: Principal; readonly person: Person }): boolean;
}

/** Events that browsers may follow. */
export const publishedEvents = defineExtensionPoint<PublishedEvent>('http.published-events');

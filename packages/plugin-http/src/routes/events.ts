// Server-sent events: what has changed, as far as the reader may know it.
import type { ServerResponse } from 'node:http';
import { cameraChanged, factsChanged, gapChanged, grantChanged, leaseEnded, listCameras, readRecordingStatus, readTimeline, recordingChanged, requestChanged, type Principal } from '@wanglou/core';
import { listInbox } from '@wanglou/plugin-access/contract';
import { publishedEvents, type PublishedEvent } from '../contract.ts';
import { HttpError } from '../errors.ts';
import type { RouteContext } from '../server.ts';

interface Reader {
  readonly principal: Principal;
  readonly response: ServerResponse;
}

const heartbeatMs = 15_000;
/** A browser that does not read is let go; it reconnects and reads anew. */
const mostQueuedBytes = 1024 * 1024;
const readersPerSession = 16;

/** Events of the core contracts. */
const coreEvents: readonly PublishedEvent[] = [
  { event: cameraChanged, name: 'camera', reads: listCameras },
  { event: recordingChanged, name: 'recording', reads: readRecordingStatus },
  { event: gapChanged, name: 'gap', reads: readTimeline },
  { event: requestChanged, name: 'request', reads: listInbox, owner: (request: { requester: string }) => request.requester },
  { event: grantChanged, name: 'grant', reads: listInbox, owner: (grant: { holder: string }) => grant.holder },
  { event: leaseEnded, name: 'lease', owner: ({ principal }: { principal: Principal }) => principal.session, view: ({ lease, reason }: { lease: string; reason: string }) => ({ lease, reason }) },
];

/** Adds `GET /api/v1/events`. */
export function addEventRoutes({ app, ctx, sessions, principalOf }: RouteContext): void {
  const readers = new Set<Reader>();
  const send = ({ response }: Reader, name: string, data: unknown) => {
    if (response.writableLength > mostQueuedBytes) response.destroy();
    else response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const maySee = async (published: PublishedEvent, payload: unknown, { principal }: Reader): Promise<boolean> => {
    const owner = published.owner?.(payload);
    if (owner !== undefined && (owner === principal.id || owner === principal.session)) return true;
    if (!published.reads) return false;
    const input = published.reads === readTimeline ? { cameras: [], fromMs: 0, toMs: 0 } : {};
    return (await ctx.wouldDecide(published.reads, input, principal)).effect === 'permit';
  };
  const publish = (published: PublishedEvent) =>
    ctx.on(published.event, async (payload) => {
      for (const reader of readers) {
        if (sessions.isOpen(reader.principal) && (await maySee(published, payload, reader))) send(reader, published.name, published.view ? published.view(payload) : payload);
      }
    });
  for (const published of coreEvents) publish(published);
  const undo = new Map<PublishedEvent, () => void>();
  ctx.follow(
    publishedEvents,
    (published) => void undo.set(published, publish(published)),
    (published) => undo.get(published)?.(),
  );
  ctx.on(factsChanged, ({ principals }) => {
    for (const reader of readers) if (!principals || principals.includes(reader.principal.id)) tellSession(reader);
  });
  /** The browser reads its session anew; a session that has ended loses its stream. */
  const tellSession = (reader: Reader) => {
    send(reader, 'session', {});
    if (!sessions.isOpen(reader.principal)) reader.response.end();
  };
  ctx.defer(
    ctx.clock.every(heartbeatMs, () => {
      for (const reader of readers) {
        if (sessions.isOpen(reader.principal)) reader.response.write(': alive\n\n');
        else tellSession(reader);
      }
    }),
  );

  app.get('/api/v1/events', async (request, reply) => {
    const principal = await principalOf(request);
    if (principal.kind !== 'person') throw new HttpError('SESSION_NEEDED');
    if ([...readers].filter((reader) => reader.principal.session === principal.session).length >= readersPerSession) throw new HttpError('TOO_MANY_REQUESTS', { seconds: 60 });
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    response.write('retry: 2000\n\n');
    const reader: Reader = { principal, response };
    readers.add(reader);
    response.once('close', () => readers.delete(reader));
  });
}

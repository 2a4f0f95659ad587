// Server-sent events: what has changed, as far as the reader may know it.
import type { ServerResponse } from 'node:http';
import { alarmChanged, archiveChanged, cameraChanged, emergencyBegun, factsChanged, gapChanged, grantChanged, healthChanged, leaseEnded, leasePaused, listAlarms, listArchives, listCameras, packChanged, presenceChanged, readCampus, readHealth, readRecordingStatus, readTimeline, recordingChanged, requestChanged, requestReminder, type AccessRequest, type Grant, type Person, type Principal } from '@wanglou/core';
import { listInbox } from '@wanglou/plugin-access/contract';
import { publishedEvents, type PublishedEvent } from '../contract.ts';
import { HttpError } from '../errors.ts';
import type { RouteContext } from '../server.ts';

interface Reader {
  readonly principal: Principal;
  readonly person: Person;
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
  { event: healthChanged, name: 'health', reads: readHealth },
  { event: gapChanged, name: 'gap', reads: readTimeline },
  { event: alarmChanged, name: 'alarm', reads: listAlarms },
  { event: archiveChanged, name: 'archive', reads: listArchives },
  { event: requestChanged, name: 'request', reads: listInbox, owner: (request: AccessRequest) => request.requester, concerns: concernsUnit },
  { event: requestReminder, name: 'reminder', reads: listInbox, concerns: concernsUnit },
  { event: grantChanged, name: 'grant', reads: listInbox, owner: (grant: Grant) => grant.holder, concerns: (grant: Grant, { unit }) => grant.emergency !== undefined || grant.approvals.includes(unit) },
  { event: emergencyBegun, name: 'emergency', reads: listInbox, owner: (grant: Grant) => grant.holder },
  { event: presenceChanged, name: 'presence', reads: listInbox, owner: ({ holder }: { holder: string }) => holder },
  { event: packChanged, name: 'policy', reads: readCampus },
  { event: leasePaused, name: 'lease-paused', owner: ({ principal }: { principal: Principal }) => principal.session, view: ({ lease, paused }: { lease: string; paused: boolean }) => ({ lease, paused }) },
  { event: leaseEnded, name: 'lease', owner: ({ principal }: { principal: Principal }) => principal.session, view: ({ lease, reason }: { lease: string; reason: string }) => ({ lease, reason }) },
];

/** A request is a unit's business when it judges it. People who judge for another unit by delegation read their inbox anew on the event of their session. */
function concernsUnit(request: AccessRequest, { unit }: Person): boolean {
  return request.needs.some((step) => step.unit === unit);
}

/** Adds `GET /api/v1/events`. */
export function addEventRoutes({ app, ctx, sessions, signedIn }: RouteContext): void {
  const readers = new Set<Reader>();
  /** Forgets the reader first: a response may wait behind another on its connection and close much later. */
  const letGo = (reader: Reader, how: 'end' | 'destroy') => {
    readers.delete(reader);
    reader.response[how]();
  };
  const write = (reader: Reader, text: string) => {
    if (reader.response.writableLength > mostQueuedBytes) letGo(reader, 'destroy');
    else if (readers.has(reader)) reader.response.write(text);
  };
  const send = (reader: Reader, name: string, data: unknown) => write(reader, `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  const maySee = async (published: PublishedEvent, payload: unknown, { principal, person }: Reader): Promise<boolean> => {
    const owner = published.owner?.(payload);
    if (owner !== undefined && (owner === principal.id || owner === principal.session)) return true;
    if (!published.reads) return false;
    const input = published.reads === readTimeline ? { cameras: [], fromMs: 0, toMs: 0 } : {};
    const { effect, facts } = await ctx.wouldDecide(published.reads, input, principal);
    // A stream outlives an appointment: the unit is the one of this moment, not of the sign-in.
    const unit = facts['actor.unit'];
    return effect === 'permit' && published.concerns?.(payload, typeof unit === 'string' ? { ...person, unit } : person) !== false;
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
    if (!sessions.isOpen(reader.principal)) letGo(reader, 'end');
  };
  ctx.defer(
    ctx.clock.every(heartbeatMs, () => {
      for (const reader of readers) {
        if (sessions.isOpen(reader.principal)) write(reader, ': alive\n\n');
        else tellSession(reader);
      }
    }),
  );

  app.get('/api/v1/events', async (request, reply) => {
    const { principal, person } = await signedIn(request);
    if ([...readers].filter((reader) => reader.principal.session === principal.session).length >= readersPerSession) throw new HttpError('TOO_MANY_REQUESTS', { seconds: 60 });
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    response.write('retry: 2000\n\n');
    const reader: Reader = { principal, person, response };
    readers.add(reader);
    response.once('close', () => readers.delete(reader));
    // A connection that breaks while we write is the browser's business; without a listener it would be the process's end.
    response.on('error', () => letGo(reader, 'destroy'));
  });
}

// GET /media/wall: one WebSocket for all live pictures of a page, because HTTP/1.1 gives a browser six connections. docs/design/live.md.
import { isCodedError, type Principal } from '@wanglou/core';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { HttpError } from '../errors.ts';
import type { RouteContext } from '../server.ts';
import { WallSocket } from '../wall/wall-socket.ts';
import type { MediaDoor } from './media-door.ts';

const socketsPerSession = 8;
const heartbeatMs = 15_000;
const policyViolation = 1008;
/** The stream of a live lease, and the same in a smaller picture. */
const streamPath = 'stream.mp4';
const smallStreamPath = 'small.mp4';

interface Viewer {
  readonly principal: Principal;
  isAlive: boolean;
}

/** Adds the route. */
export function addWallRoute({ app, ctx, sessions, signedIn, originOf }: RouteContext, door: MediaDoor): void {
  const admitted = new WeakMap<FastifyRequest, Principal>();
  const viewers = new Map<WebSocket, Viewer>();
  const admit = async (request: FastifyRequest): Promise<void> => {
    // A browser sends the cookie along whatever page opens the socket, and says which page it is.
    if (request.headers.origin !== originOf(request)) throw new HttpError('HEADER_MISSING');
    const { principal } = await signedIn(request);
    if ([...viewers.values()].filter((viewer) => viewer.principal.session === principal.session).length >= socketsPerSession) throw new HttpError('TOO_MANY_REQUESTS', { seconds: 60 });
    admitted.set(request, principal);
  };
  ctx.defer(
    ctx.clock.every(heartbeatMs, () => {
      for (const [socket, viewer] of viewers) {
        if (!viewer.isAlive) socket.terminate();
        else if (!sessions.isOpen(viewer.principal)) socket.close(policyViolation, 'the session is over');
        else {
          viewer.isAlive = false;
          socket.ping();
        }
      }
    }),
  );

  app.get('/media/wall', { websocket: true, preValidation: admit }, (socket, request) => {
    const principal = admitted.get(request)!;
    const wall = new WallSocket({
      socket,
      find: (lease) => door.find(lease),
      open: (lease, small, signal) => door.serve(lease, principal, { path: small ? smallStreamPath : streamPath, query: {} }, signal),
      codeOf: (error) => (isCodedError(error) ? error.code : 'UNEXPECTED'),
    });
    const viewer: Viewer = { principal, isAlive: true };
    viewers.set(socket, viewer);
    socket.on('message', (data) => wall.message(String(data)));
    socket.on('pong', () => (viewer.isAlive = true));
    socket.on('close', () => {
      viewers.delete(socket);
      wall.closed();
    });
  });
}

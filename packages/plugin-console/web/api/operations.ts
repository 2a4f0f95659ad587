// Which operations the page calls, with the types of their contracts. Types only: nothing of the server is bundled.
import type { exportFootage, listCameras, Operation, playBack, readRecordingStatus, readTimeline, watchLive } from '@wanglou/core';
import type {
  approveRequest,
  beginDuty,
  denyRequest,
  endDuty,
  listInbox,
  listMyRequests,
  listRegister,
  revokeGrant,
  submitRequest,
  withdrawRequest,
} from '@wanglou/plugin-access/contract';
import type { listAudit, readCheckpoint, verifyAudit } from '@wanglou/plugin-audit/contract';

/** Operations by their id. */
export interface Operations {
  'camera.list': typeof listCameras;
  'recording.live': typeof watchLive;
  'recording.playback': typeof playBack;
  'recording.export': typeof exportFootage;
  'recording.timeline': typeof readTimeline;
  'recording.status': typeof readRecordingStatus;
  'duty.begin': typeof beginDuty;
  'duty.end': typeof endDuty;
  'request.submit': typeof submitRequest;
  'request.withdraw': typeof withdrawRequest;
  'request.list-mine': typeof listMyRequests;
  'request.list-inbox': typeof listInbox;
  'request.approve': typeof approveRequest;
  'request.deny': typeof denyRequest;
  'grant.revoke': typeof revokeGrant;
  'register.list': typeof listRegister;
  'audit.list': typeof listAudit;
  'audit.verify': typeof verifyAudit;
  'audit.checkpoint': typeof readCheckpoint;
}

/** Ids of the operations the page calls. */
export type OperationId = keyof Operations;

/** What an operation takes. */
export type InputOf<Id extends OperationId> = Operations[Id] extends Operation<infer Schema, infer _> ? NonNullable<Schema['~standard']['types']>['input'] : never;

/** What an operation answers. */
export type OutputOf<Id extends OperationId> = Operations[Id] extends Operation<infer _, infer Output> ? Output : never;

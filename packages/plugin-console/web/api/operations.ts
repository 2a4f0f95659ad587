// Which operations the page calls, with the types of their contracts. Types only: nothing of the server is bundled.
import type {
  adoptArchives, archiveFootage, acknowledgeAlarm, cancelArchive, closeAlarm, confirmClosing, handleAlarm, judgeAlarm, keepAlarmOpen, listAlarms, noteAlarm, showAlarm, verifyAlarm, confirmClock, confirmLift, exportFootage, extendHold, keepHold, listArchives, listCameras, listHolds, Operation, placeHold, playBack, proposeLift, readCampus, readHealth, readRecordingStatus,
  readRetention, readStorage, readTimeline, renewReference, restoreArchive, verifyArchive, watchLive,
} from '@wanglou/core';
import type * as access from '@wanglou/plugin-access/contract';
import type * as audit from '@wanglou/plugin-audit/contract';

type Access = typeof access;
type Audit = typeof audit;

/** Operations by their id. */
export interface Operations {
  'campus.read': typeof readCampus;
  'camera.list': typeof listCameras;
  'recording.live': typeof watchLive;
  'recording.playback': typeof playBack;
  'recording.export': typeof exportFootage;
  'recording.timeline': typeof readTimeline;
  'recording.status': typeof readRecordingStatus;
  'recording.health': typeof readHealth;
  'recording.renew-reference': typeof renewReference;
  'recording.storage': typeof readStorage;
  'recording.retention': typeof readRetention;
  'recording.confirm-clock': typeof confirmClock;
  'recording.holds': typeof listHolds;
  'recording.hold': typeof placeHold;
  'recording.extend-hold': typeof extendHold;
  'recording.lift-hold': typeof proposeLift;
  'recording.confirm-lift': typeof confirmLift;
  'recording.keep-hold': typeof keepHold;
  'alarm.list': typeof listAlarms;
  'alarm.show': typeof showAlarm;
  'alarm.acknowledge': typeof acknowledgeAlarm;
  'alarm.verify': typeof verifyAlarm;
  'alarm.judge': typeof judgeAlarm;
  'alarm.handle': typeof handleAlarm;
  'alarm.note': typeof noteAlarm;
  'alarm.close': typeof closeAlarm;
  'alarm.confirm-close': typeof confirmClosing;
  'alarm.keep-open': typeof keepAlarmOpen;
  'recording.archives': typeof listArchives;
  'recording.archive': typeof archiveFootage;
  'recording.cancel-archive': typeof cancelArchive;
  'recording.verify-archive': typeof verifyArchive;
  'recording.restore': typeof restoreArchive;
  'recording.adopt-archives': typeof adoptArchives;
  'session.options': Access['readSignInOptions'];
  'session.step-up': Access['stepUp'];
  'account.change-password': Access['changePassword'];
  'account.begin-totp': Access['beginTotp'];
  'account.confirm-totp': Access['confirmTotp'];
  'duty.begin': Access['beginDuty'];
  'duty.end': Access['endDuty'];
  'workstation.list': Access['listWorkstations'];
  'workstation.register': Access['registerWorkstation'];
  'workstation.remove': Access['removeWorkstation'];
  'workstation.invite': Access['inviteWorkstation'];
  'workstation.enrol': Access['enrolWorkstation'];
  'workstation.challenge': Access['challengeWorkstation'];
  'workstation.prove': Access['proveWorkstation'];
  'person.list': Access['listPeople'];
  'person.create': Access['createPerson'];
  'person.update': Access['updatePerson'];
  'person.assign-roles': Access['assignRoles'];
  'person.qualify': Access['qualifyPerson'];
  'person.set-active': Access['setPersonActive'];
  'person.reset-credentials': Access['resetCredentials'];
  'delegation.create': Access['createDelegation'];
  'delegation.revoke': Access['revokeDelegation'];
  'delegation.list': Access['listDelegations'];
  'request.preview': Access['previewRequest'];
  'request.submit': Access['submitRequest'];
  'request.amend': Access['amendRequest'];
  'request.extend': Access['extendRequest'];
  'request.withdraw': Access['withdrawRequest'];
  'request.read': Access['readRequest'];
  'request.list-mine': Access['listMyRequests'];
  'request.list-inbox': Access['listInbox'];
  'request.approve': Access['approveRequest'];
  'request.deny': Access['denyRequest'];
  'grant.revoke': Access['revokeGrant'];
  'grant.end': Access['endGrant'];
  'document.store': Access['storeDocument'];
  'document.read': Access['readDocument'];
  'presence.read': Access['readPresence'];
  'presence.confirm': Access['confirmPresence'];
  'presence.keep': Access['keepPresence'];
  'presence.leave': Access['leavePresence'];
  'emergency.begin': Access['beginEmergency'];
  'emergency.review': Access['reviewEmergency'];
  'emergency.list': Access['listEmergencies'];
  'register.list': Access['listRegister'];
  'register.export': Access['exportRegister'];
  'policy.explain': Access['explainPolicy'];
  'policy.explain-person': Access['explainForPerson'];
  'policy.who-may': Access['whoMay'];
  'policy.what-may': Access['whatMay'];
  'policy.read': Access['readPolicy'];
  'policy.propose': Access['proposePolicy'];
  'policy.approve': Access['approvePolicy'];
  'policy.reject': Access['rejectPolicy'];
  'audit.list': Audit['listAudit'];
  'audit.verify': Audit['verifyAudit'];
  'audit.checkpoint': Audit['readCheckpoint'];
  'audit.status': Audit['readAuditStatus'];
  'audit.receipt': Audit['takeReceipt'];
  'audit.open': Audit['openLog'];
  'audit.export': Audit['exportAudit'];
  'audit.reconcile': Audit['reconcileLeases'];
}

/** Ids of the operations the page calls. */
export type OperationId = keyof Operations;

/** What an operation takes. */
export type InputOf<Id extends OperationId> = Operations[Id] extends Operation<infer Schema, infer _> ? NonNullable<Schema['~standard']['types']>['input'] : never;

/** What an operation answers. */
export type OutputOf<Id extends OperationId> = Operations[Id] extends Operation<infer _, infer Output> ? Output : never;

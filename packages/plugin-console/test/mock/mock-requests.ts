// Requests and grants of the mock server: waiting, granted, denied, an outside visit, an emergency.
import type { AccessRequest, Action, ApprovalStep, Grant, Visit } from '@wanglou/core';

/** A request with everything that a contract asks of one. */
export function requestWith(changes: Partial<AccessRequest> & Pick<AccessRequest, 'id' | 'requester' | 'scope' | 'createdMs'>): AccessRequest {
  return { reason: '', companions: [], state: 'submitted', needs: [{ unit: 'section' }], reviews: [], version: 1, sha256: 'a'.repeat(64), expiresMs: changes.createdMs + 3 * 86_400_000, reminders: 0, ...changes };
}

/** A grant that was begun, for an hour. */
export function grantWith(changes: Partial<Grant> & Pick<Grant, 'id' | 'holder' | 'scope' | 'startsMs'>): Grant {
  const { startsMs } = changes;
  return { approvals: ['section'], beginByMs: startsMs + 86_400_000, useMs: 3_600_000, endsMs: startsMs + 86_400_000, ...changes };
}

const visit: Visit = {
  organisation: '市公安局某分局',
  body: 'police',
  visitors: [
    { id: 'v1', name: '来访甲', idKind: 'police', idLast4: '1024' },
    { id: 'v2', name: '来访乙', idKind: 'police', idLast4: '2048' },
  ],
  documents: [{ id: 'd1', kind: 'work-id', sha256: 'd1'.repeat(32) }],
  termsAccepted: true,
};

/** Requests and grants to begin with. */
export function sampleRequests(nowMs: number): { requests: AccessRequest[]; grants: Grant[] } {
  const scope = (cameras: readonly string[], ago: number, minutes: number, purpose: AccessRequest['scope']['purpose'], actions: readonly Action[]) => ({ cameras, range: { fromMs: nowMs - ago * 60_000, toMs: nowMs - (ago - minutes) * 60_000 }, actions, purpose });
  const both: readonly ApprovalStep[] = [{ unit: 'section' }, { unit: 'office' }];
  const approved = (atMs: number) => ({ reviewer: 'section-head', unit: 'section', verdict: 'approve' as const, reason: '', atMs });
  const requests: AccessRequest[] = [
    requestWith({ id: 'r1', requester: 'operator', scope: scope(['library'], 30, 10, 'incident', ['playback']), reason: '读者报称书包在大厅被取走，需确认经过。', companions: ['newcomer'], createdMs: nowMs - 240_000 }),
    requestWith({ id: 'r6', requester: 'operator', scope: scope(['canteen'], 300, 30, 'case', ['playback', 'copy']), reason: '配合调查手机盗窃案。', caseNumber: '2026-1188', destination: '辖区派出所，加密移动硬盘', needs: both, reviews: [{ ...approved(nowMs - 900_000), reviewer: 'administrator' }], createdMs: nowMs - 86_400_000, reminders: 2 }),
    requestWith({ id: 'r2', requester: 'section-head', scope: scope(['east-gate', 'car-park'], 1500, 60, 'case', ['playback', 'copy']), reason: '配合派出所调查停车场盗窃案。', caseNumber: '2026-1123', destination: '辖区派出所，加密移动硬盘', needs: both, createdMs: nowMs - 3_600_000 }),
    requestWith({ id: 'r3', requester: 'operator', scope: scope(['west-gate'], 120, 20, 'complaint', ['playback']), reason: '车辆剐蹭投诉。', state: 'approved', reviews: [approved(nowMs - 1_200_000)], createdMs: nowMs - 1_800_000, grant: 'g3' }),
    requestWith({ id: 'r5', requester: 'operator', scope: scope(['dormitory-entrance'], 90, 30, 'case', ['live', 'playback']), reason: '核实嫌疑人进出时间。', caseNumber: '2026-1190', visit, state: 'approved', reviews: [{ ...approved(nowMs - 600_000), onBehalfOf: 'office-head' }], createdMs: nowMs - 1_500_000, grant: 'g5', call: 'act-3' }),
    requestWith({ id: 'r4', requester: 'operator', scope: scope(['canteen'], 4000, 30, 'safety', ['playback']), reason: '查看后厨通道堆放情况。', state: 'denied', reviews: [{ ...approved(nowMs - 80_000_000), verdict: 'deny', reason: '请先现场核查。' }], createdMs: nowMs - 86_400_000 }),
  ];
  const grants: Grant[] = [
    grantWith({ id: 'g3', request: 'r3', holder: 'operator', scope: requests[3]!.scope, startsMs: nowMs - 1_200_000, begunMs: nowMs - 1_100_000, endsMs: nowMs + 2_500_000 }),
    grantWith({ id: 'g5', request: 'r5', holder: 'operator', scope: requests[4]!.scope, startsMs: nowMs - 600_000 }),
    grantWith({
      id: 'e1',
      holder: 'operator',
      scope: scope(['library', 'stadium'], 60, 60, 'incident', ['live', 'playback']),
      approvals: [],
      startsMs: nowMs - 7_200_000,
      begunMs: nowMs - 7_200_000,
      endsMs: nowMs - 5_400_000,
      emergency: { kind: 'injury', reason: '看台有人摔倒，需判断伤情并引导救护车。', reviewByMs: nowMs + 79_200_000, reviewers: 2, reviews: [{ reviewer: 'office-head', verdict: 'upheld', reason: '当时救护车已到场，情况属实。', atMs: nowMs - 3_600_000 }] },
    }),
  ];
  return { requests, grants };
}

// Sample data of the mock server: a small campus with one camera that is off, one gap, a few requests and records.
import type { CameraSummary, CampusFacts, Denial, Gap, Person, RecordingHealth, RecordingStatus } from '@wanglou/core';
import type { RegisterRow, SessionView } from '@wanglou/plugin-access/contract';

const places: readonly (readonly [string, string, string])[] = [
  ['east-gate', '东门', 'East gate'],
  ['west-gate', '西门', 'West gate'],
  ['library', '图书馆大厅', 'Library hall'],
  ['dormitory-entrance', '3 号宿舍楼入口', 'Dormitory 3, entrance'],
  ['canteen', '第一食堂', 'Canteen 1'],
  ['stadium', '体育场看台', 'Stadium stands'],
  ['teaching-building', '教学楼 A 座', 'Teaching building A'],
  ['car-park', '地下停车场', 'Underground car park'],
  ['fire-control-room', '消防控制室', 'Fire control room'],
];

export const campus: CampusFacts = {
  name: { zh: '示例大学青岛校区', en: 'Example University, Qingdao campus' },
  timeZone: 'Asia/Shanghai',
  pack: { id: 'upc-2013', version: '1', title: { zh: '校园公共安全视频图像信息系统运行维护管理规定（2013）', en: 'Rules for the campus public-safety video system (2013)' }, effective: '2013-11-13', sha256: '5c'.repeat(32) },
  units: [
    { id: 'office', name: { zh: '公安处', en: 'Public Security Office' } },
    { id: 'section', name: { zh: '治安科', en: 'Security Section' }, above: 'office' },
    { id: 'guard-team', name: { zh: '校卫队', en: 'Guard Team' }, above: 'section' },
  ],
  roles: [
    { id: 'office-head', name: { zh: '公安处负责人', en: 'Head of the Office' }, reviews: true },
    { id: 'section-head', name: { zh: '治安科负责人', en: 'Head of the Section' }, reviews: true },
    { id: 'administrator', name: { zh: '系统管理员', en: 'System administrator' } },
    { id: 'operator', name: { zh: '监控操作人员', en: 'Control-room operator' } },
  ],
  approvals: { live: [{ unit: 'section' }], playback: [{ unit: 'section' }], copy: [{ unit: 'section' }, { unit: 'office' }] },
  emergency: {
    minutes: 30,
    lookBackMinutes: 60,
    reasons: { fire: { zh: '火情', en: 'Fire' }, injury: { zh: '人员受伤', en: 'Somebody is hurt' }, missing: { zh: '人员走失', en: 'Somebody is missing' } },
    tells: ['section', 'office'],
    reviewers: 2,
    reviewWithinHours: 24,
  },
  retention: { floorDays: 30 },
  purposes: {
    case: { zh: '案件侦办', en: 'Criminal case' },
    incident: { zh: '校园事件', en: 'Campus incident' },
    safety: { zh: '安全隐患', en: 'Safety hazard' },
    equipment: { zh: '设备检修', en: 'Equipment check' },
    training: { zh: '培训演练', en: 'Training and drill' },
    complaint: { zh: '投诉核查', en: 'Complaint' },
  },
};

export const people: readonly Person[] = [
  { id: 'operator', name: '监控员甲', unit: 'guard-team', roles: ['operator'], standing: 'staff' },
  { id: 'section-head', name: '治安科长', unit: 'section', roles: ['section-head'], standing: 'staff' },
  { id: 'office-head', name: '公安处长', unit: 'office', roles: ['office-head'], standing: 'staff' },
  { id: 'administrator', name: '系统管理员丙', unit: 'section', roles: ['administrator'], standing: 'staff' },
  { id: 'newcomer', name: '新同事丁', unit: 'guard-team', roles: [], standing: 'staff' },
  { id: 'visitor', name: '访客乙', unit: 'none', roles: [], standing: 'individual' },
];

const actionsOf = (person: Person, onDuty: boolean): SessionView['actions'] => {
  if (person.standing === 'individual') return ['sign-in'];
  if (person.roles.includes('operator')) return ['view', 'request', 'duty', 'sign-in', 'emergency', ...(onDuty ? (['live', 'control'] as const) : [])];
  if (person.roles.includes('administrator')) return ['view', 'request', 'configure', 'maintain', 'sign-in'];
  if (person.roles.includes('office-head')) return ['view', 'request', 'review', 'audit', 'configure', 'hold', 'sign-in'];
  return person.roles.length === 0 ? ['view', 'request', 'sign-in'] : ['view', 'request', 'review', 'audit', 'hold', 'sign-in'];
};

/** What each may do. The newcomer must change the password; the head of the Section judges for the head of the Office as well. */
export function sessionOf(person: Person, onDuty: boolean, nowMs: number): SessionView {
  return {
    person,
    onDuty,
    expiresMs: nowMs + 3_600_000,
    actions: actionsOf(person, onDuty),
    mustChangePassword: person.id === 'newcomer',
    hasTotp: person.id === 'administrator',
    hasPassword: true,
    ...(person.id === 'operator' && { workstation: { id: 'room-1', name: '监控室 1 号席', by: 'address' as const } }),
    delegatedRoles: person.id === 'section-head' ? [{ from: 'office-head', role: 'office-head', toMs: nowMs + 3 * 86_400_000 }] : [],
    suspended: false,
  };
}

/** Cameras; the stadium is off. */
export function cameraList(): CameraSummary[] {
  return places.map(([id, zh, en]) => {
    const off = id === 'stadium';
    return {
      info: { id, name: { zh, en } },
      state: off ? 'offline' : 'online',
      capabilities: ['stream'],
      ...(off && { problem: { code: 'UNREACHABLE', text: { zh: '无法连接摄像机，请检查电源、网线和地址', en: 'The camera cannot be reached; check its power, cable and address' } } }),
    };
  });
}

/** How recording goes. */
export function statusList(nowMs: number): RecordingStatus[] {
  return places.map(([id]) => (id === 'stadium' ? { camera: id, state: 'error', lastFrameMs: nowMs - 2_640_000 } : { camera: id, state: 'recording', codec: 'avc1', width: 640, height: 360, kbps: 420, lastFrameMs: nowMs }));
}

/** One camera whose lens is covered and one that was turned; the others are well. */
export function healthList(nowMs: number): RecordingHealth[] {
  const covered = { code: 'PICTURE_COVERED', text: { zh: '画面看不出内容，镜头可能被遮挡、脏污或失焦，或有浓雾，请到现场查看', en: 'Its picture shows nothing: the lens may be covered, dirty or out of focus, or there is fog; look at the camera' } };
  const moved = { code: 'PICTURE_MOVED', text: { zh: '画面与原来不同，摄像机可能被转动，或前面放了东西，请到现场查看', en: 'It shows another place than before: somebody may have turned it, or put something before it; look at the camera' } };
  const problems: Readonly<Record<string, typeof covered>> = { canteen: covered, library: moved };
  return places.map(([id]) => ({
    camera: id, kbps: 420, fps: 25, keyframeIntervalMs: 1000, clock: { offsetMs: 120, driftMsPerDay: 340 }, snapshotMs: nowMs - 30_000, lastGap: gapsOf(id, nowMs).at(-1)!,
    problems: [problems[id]].flatMap((problem) => (problem ? [{ ...problem, sinceMs: nowMs - 600_000 }] : [])),
  }));
}

/** One gap, from 25 to 22 minutes ago, and one an hour before. */
export function gapsOf(camera: string, nowMs: number): Gap[] {
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  return [
    { camera, fromMs: minute - 85 * 60_000, toMs: minute - 78 * 60_000, cause: 'camera', detail: 'RTSP 503' },
    { camera, fromMs: minute - 25 * 60_000, toMs: minute - 22 * 60_000, cause: 'network', detail: 'connection reset by peer' },
  ];
}

const approval = (unit: string) => ({ kind: 'approval', unit }) as const;

/** Refusals as the pack words them. */
export const denials = {
  playback: [{ rule: 'a10-playback', article: '10', text: { zh: '回放须经治安科同意', en: 'Playback needs the consent of the Security Section' }, missing: [approval('section')] }],
  copy: [{ rule: 'a10-copy', article: '10', text: { zh: '拷贝须经公安处审批', en: 'A copy needs the approval of the Public Security Office' }, missing: [approval('office')] }],
  live: [
    { rule: 'a9.3-duty', article: '9(3)', text: { zh: '监控操作人员须在班才能观看', en: 'Control-room staff may watch only while on duty' }, missing: [{ kind: 'duty' }] },
    { rule: 'a10-live', article: '10', text: { zh: '观看实时监控须经治安科同意', en: 'Live view needs the consent of the Security Section' }, missing: [approval('section')] },
  ],
  office: [{ rule: 'a10-live', article: '10', text: { zh: '观看实时监控须经治安科同意', en: 'Live view needs the consent of the Security Section' }, missing: [approval('section')] }],
  individual: [{ rule: 'a14', article: '14', text: { zh: '系统和资料不对个人开放', en: 'The system and its footage are not open to individuals' }, missing: [] }],
} as const satisfies Record<string, readonly Denial[]>;

/** Register rows, newest first. */
export function registerRows(count: number, nowMs: number): RegisterRow[] {
  const acts = ['playback', 'live', 'copy', 'playback', 'live'] as const;
  return Array.from({ length: count }, (_, index) => {
    const action = acts[index % acts.length]!;
    const denied = index % 4 === 0;
    const camera = places[index % places.length]![0];
    return {
      seq: 4200 - index * 3,
      atMs: nowMs - index * 417_000,
      person: 'operator',
      personName: index % 3 === 2 ? '治安科长' : '监控员甲',
      operation: `recording.${action}`,
      action,
      cameras: [camera],
      ...(action !== 'live' && { fromMs: nowMs - index * 417_000 - 1_200_000, toMs: nowMs - index * 417_000 - 600_000, purpose: 'incident' as const }),
      ...(action === 'copy' && { destination: '辖区派出所，加密移动硬盘' }),
      ...(index % 5 === 2 && { caseNumber: '2026-1123' }),
      ...(index % 7 === 3 && { reason: '车辆剐蹭投诉' }),
      recordedBy: action === 'live' ? [] : ['监控员甲'],
      accompaniedBy: action === 'copy' ? ['来访甲', '来访乙'] : [],
      hashes: action === 'copy' && !denied ? ['9f'.repeat(32), '3c'.repeat(32)] : [],
      approvals: denied || action === 'live' ? [] : action === 'copy' ? ['section', 'office'] : ['section'],
      effect: denied ? ('deny' as const) : ('permit' as const),
      articles: action === 'live' ? ['6'] : ['10'],
      ...(!denied && { outcome: 'done' }),
    };
  });
}

// The demo's people. Real campuses set their own passwords; these are printed at every start.
import type { Text } from '@wanglou/core';

/** A demo account, and what it may do in words. */
export interface DemoAccount {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly roles: string[];
  readonly standing: 'staff' | 'individual';
  readonly password: string;
  readonly trainedUntil?: string;
  readonly may: Text;
}

const password = 'wanglou-demo';
const trainedUntil = '2099-12-31';

export const accounts: readonly DemoAccount[] = [
  { id: 'operator', name: '监控员', unit: 'guard-team', roles: ['operator'], standing: 'staff', password, trainedUntil, may: { zh: '上岗后实时观看；回放须申请', en: 'watches live on duty; asks for playback' } },
  { id: 'section-head', name: '治安科科长', unit: 'section', roles: ['section-head'], standing: 'staff', password, trainedUntil, may: { zh: '审批观看和回放，查阅登记和审计日志', en: 'consents to viewing and playback, reads register and audit log' } },
  { id: 'office-head', name: '公安处处长', unit: 'office', roles: ['office-head'], standing: 'staff', password, trainedUntil, may: { zh: '审批拷贝', en: 'approves copies' } },
  { id: 'administrator', name: '系统管理员', unit: 'section', roles: ['administrator'], standing: 'staff', password, trainedUntil, may: { zh: '维护系统；看录像同样须申请', en: 'maintains the system; asks for footage like everybody' } },
  { id: 'visitor', name: '个人', unit: 'guard-team', roles: [], standing: 'individual', password, may: { zh: '什么也看不到（第十四条）', en: 'sees nothing (article 14)' } },
];

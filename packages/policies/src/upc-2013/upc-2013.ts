// The rules of 13 November 2013 of a Chinese university's Public Security Office, articles 5 to 14, 16 and 19.
import type { PolicyPack } from '@wanglou/core';
import { erasureFacts, workFacts } from '../facts.ts';
import { emergencySwitch } from './emergency.ts';
import { properties } from './properties.ts';
import { rules } from './rules.ts';
import { tests } from './tests.ts';

/** What a campus may choose. */
export interface Upc2013Options {
  /** Emergency access for the watch on duty, which the text of 2013 does not know. Off unless said. */
  readonly emergency?: boolean;
}

/**
 * The pack `upc-2013`.
 *
 * @example
 * defineCampus({ policy: upc2013(), ... })
 */
export function upc2013({ emergency = false }: Upc2013Options = {}): PolicyPack {
  return {
    id: 'upc-2013',
    // Build metadata (SemVer 2.0.0): the same text, with a choice that its readers must see.
    version: emergency ? '2+emergency' : '2',
    title: { zh: '校园公共安全视频图像信息系统运行维护管理规定（2013）', en: 'Rules for the campus public-safety video system (2013)' },
    source: { name: { zh: '某高校公安处 2013 年规定，共 31 条', en: "A university Public Security Office's rules of 2013, 31 articles" }, date: '2013-11-13', interpretedBy: 'office' },
    supersedes: 'upc-2013@1',
    effective: '2013-11-13',
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
      { id: 'shift-leader', name: { zh: '值班班长', en: 'Shift leader' } },
      { id: 'patrol', name: { zh: '校园110巡逻队员', en: 'Campus patrol' } },
      { id: 'contractor', name: { zh: '维护维修单位人员', en: 'Maintenance contractor' } },
    ],
    approvals: { live: [{ unit: 'section' }], playback: [{ unit: 'section' }], copy: [{ unit: 'section' }, { unit: 'office' }] },
    ...(emergency && { emergency: emergencySwitch }),
    retention: { floorDays: 30 },
    facts: [...erasureFacts, ...workFacts],
    rules: rules(emergency),
    tests: tests(emergency),
    properties: properties(emergency),
  };
}

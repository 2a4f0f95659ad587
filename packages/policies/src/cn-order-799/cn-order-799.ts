// State Council order 799 on public-safety video, in force since 1 April 2025: articles 8, 15 to 17, 19 to 21 and 23.
import type { PolicyPack } from '@wanglou/core';
import { erasureFacts } from '../facts.ts';
import { forbids } from './forbids.ts';
import { permits } from './permits.ts';
import { properties } from './properties.ts';
import { tests } from './tests.ts';

/**
 * The pack `cn-order-799`: the national rules alone, for a campus that has none of its own. Persons concerned may view and never copy;
 * footage is erased when it is due.
 *
 * @example
 * defineCampus({ policy: cnOrder799(), ... })
 */
export function cnOrder799(): PolicyPack {
  return {
    id: 'cn-order-799',
    version: '1',
    title: { zh: '公共安全视频图像信息系统管理条例（国务院令第799号）', en: 'Regulation on public-safety video systems (State Council order 799)' },
    source: { name: { zh: '国务院令第 799 号', en: 'State Council of China, order 799' }, date: '2025-01-13', interpretedBy: 'management' },
    effective: '2025-04-01',
    units: [
      { id: 'management', name: { zh: '系统管理单位', en: 'Managing unit' } },
      { id: 'watch', name: { zh: '值守部门', en: 'Watch' }, above: 'management' },
    ],
    roles: [
      { id: 'manager', name: { zh: '管理单位负责人', en: 'Manager' }, reviews: true },
      { id: 'engineer', name: { zh: '系统管理员', en: 'Engineer' } },
      { id: 'watcher', name: { zh: '值守人员', en: 'Watcher' } },
      { id: 'contractor', name: { zh: '建设维护单位人员', en: 'Contractor' } },
    ],
    approvals: { live: [{ unit: 'management' }], playback: [{ unit: 'management' }], copy: [{ unit: 'management' }] },
    // The order sets the floor and the duty to delete, not the day; 90 days is what key targets of the Anti-terrorism Law must keep.
    retention: { floorDays: 30, eraseAfterDays: 90 },
    facts: erasureFacts,
    rules: [...forbids, ...permits],
    tests,
    properties,
  };
}

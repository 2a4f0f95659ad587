// A worked example that differs from the other packs in its units, roles, keys and days: no kernel holds a campus's rules.
import type { PolicyPack } from '@wanglou/core';
import { erasureFacts } from '../facts.ts';
import { properties } from './properties.ts';
import { rules } from './rules.ts';
import { tests } from './tests.ts';

/**
 * The pack `two-keys`: a campus in zones. The zones consent to what is seen; what leaves the campus takes two persons of the centre.
 * No real campus's text; a start for one's own.
 *
 * @example
 * defineCampus({ policy: twoKeys(), ... })
 */
export function twoKeys(): PolicyPack {
  return {
    id: 'two-keys',
    version: '1',
    title: { zh: '分区管理、双人双钥（示例）', en: 'Zones and two keys (a worked example)' },
    source: { name: { zh: '示例，并非任何学校的规定', en: 'A worked example, the text of no campus' }, date: '2026-01-01', interpretedBy: 'centre' },
    effective: '2026-01-01',
    units: [
      { id: 'centre', name: { zh: '安全中心', en: 'Security Centre' } },
      { id: 'zones', name: { zh: '分区管理组', en: 'Zones' }, above: 'centre' },
    ],
    roles: [
      { id: 'key-holder', name: { zh: '持钥人', en: 'Key holder' }, reviews: true },
      { id: 'zone-warden', name: { zh: '分区主管', en: 'Zone warden' }, reviews: true },
      { id: 'zone-guard', name: { zh: '分区保安', en: 'Zone guard' } },
      { id: 'engineer', name: { zh: '工程师', en: 'Engineer' } },
    ],
    approvals: { live: [{ unit: 'zones' }], playback: [{ unit: 'zones' }], copy: [{ unit: 'centre', count: 2 }] },
    emergency: {
      minutes: 15,
      lookBackMinutes: 30,
      reasons: { life: { zh: '危及人身安全', en: 'A life is in danger' }, fire: { zh: '火灾', en: 'Fire' } },
      tells: ['centre'],
      reviewers: 1,
      reviewWithinHours: 12,
    },
    retention: { floorDays: 45, eraseAfterDays: 60 },
    facts: erasureFacts,
    rules,
    tests,
    properties,
  };
}

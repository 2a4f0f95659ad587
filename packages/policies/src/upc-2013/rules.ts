// All rules of upc-2013; their order means nothing. Texts are in our own words; the number is the citation.
import type { Rule } from '@wanglou/core';
import { emergencyRules } from './emergency.ts';
import { footageRules } from './footage.ts';
import { alarmPermit, alarmRules } from './alarms.ts';
import { holdPermit, holdRules } from './holds.ts';
import { managementRules } from './management.ts';
import { permits } from './permits.ts';
import { personRules } from './persons.ts';
import { visitRules } from './visits.ts';

/** The rules, with or without emergency access. */
export function rules(emergency: boolean): readonly Rule[] {
  return [...personRules, ...footageRules(emergency), ...visitRules, ...managementRules, ...emergencyRules(emergency), ...holdRules, ...alarmRules, ...permits, holdPermit, alarmPermit];
}

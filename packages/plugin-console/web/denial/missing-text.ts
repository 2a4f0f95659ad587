// What is missing, in words.
import type { CampusFacts, Missing } from '@wanglou/core';
import { nameIn } from '../app/context.ts';
import type { Words } from '../i18n/language.ts';

/** One missing thing in the reader's language. Without a campus, units and roles are named by their ids. */
export function missingText(item: Missing, words: Words, campus: Pick<CampusFacts, 'units' | 'roles'> | undefined): string {
  switch (item.kind) {
    case 'approval':
      return words.t('missing.approval', { unit: campus ? nameIn(campus.units, item.unit, words) : item.unit });
    case 'role':
      return words.t('missing.role', { role: campus ? nameIn(campus.roles, item.role, words) : item.role });
    case 'companion':
      return words.t('missing.companion', { count: item.count });
    case 'presence':
      return words.t('missing.presence', { count: item.count });
    case 'document':
      return words.t('missing.document', { document: words.has(`document.${item.document}`, item.document) });
    default:
      return words.has(`missing.${item.kind}`, item.kind);
  }
}

// Which campus this is, for plugins and for the sign-in page.
import { defineOperation, defineService } from '../refs.ts';
import type { PolicyPack } from '../policy/pack.ts';
import type { Text } from '../text.ts';
import type { Purpose } from './permission.ts';
import { objectSchema } from './schema.ts';

/** What is public of a campus. */
export interface CampusFacts extends Pick<PolicyPack, 'units' | 'roles' | 'approvals' | 'emergency' | 'retention'> {
  readonly name: Text;
  /** IANA zone in which times are shown. */
  readonly timeZone: string;
  /** The rules in force. Articles 30 and 31. */
  readonly pack: Pick<PolicyPack, 'id' | 'version' | 'title' | 'effective'> & { readonly sha256: string };
  readonly purposes: Readonly<Record<Purpose, Text>>;
}

/** Tells which campus this is. Ask each time: another pack may come into force. */
export interface CampusReader {
  read(): CampusFacts;
}

/** The campus itself. */
export const campusService = defineService<CampusReader>('campus');

/** Reads the campus's name, zone, units, roles and purposes. Open to everybody: the sign-in page needs it. */
export const readCampus = defineOperation<CampusFacts>()({
  id: 'campus.read',
  title: { zh: '查看校区信息', en: 'Read the campus' },
  action: 'sign-in',
  input: objectSchema({}),
  resource: () => ({}),
});

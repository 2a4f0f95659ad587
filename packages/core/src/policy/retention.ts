// How long footage of a camera is kept, as the pack says; and what the pack's rules must therefore refuse. Article 12(2).
import type { PolicyPack, Property, Retention, RetentionGroup, RetentionTerm } from './pack.ts';

/**
 * The term of a camera by its kind of place. Of a camera that the campus does not know any more the place is not known: the longest
 * term of all counts.
 *
 * @example
 * termOf({ floorDays: 30, groups: [{ id: 'gates', places: ['gate'], floorDays: 90, name }] }, { place: 'gate' }).floorDays // 90
 */
export function termOf(retention: Retention, camera: { readonly place?: string | undefined } | undefined): RetentionTerm & { readonly group?: string } {
  if (camera === undefined) return longestOf(retention);
  const group = retention.groups?.find(({ places }) => camera.place !== undefined && places.includes(camera.place));
  return group === undefined ? only(retention) : { ...only(group), group: group.id };
}

function only({ floorDays, eraseAfterDays }: RetentionTerm): RetentionTerm {
  return { floorDays, ...(eraseAfterDays !== undefined && { eraseAfterDays }) };
}

function longestOf(retention: Retention): RetentionTerm {
  const terms: readonly RetentionTerm[] = [retention, ...(retention.groups ?? [])];
  const floorDays = Math.max(...terms.map((term) => term.floorDays));
  const ends = terms.flatMap((term) => term.eraseAfterDays ?? []);
  // Where one group may keep for ever, so may a camera of which nothing is known.
  return ends.length === terms.length ? { floorDays, eraseAfterDays: Math.max(...ends) } : { floorDays };
}

/** Checks the form of a pack's retention, which may come from a file. */
export function checkRetention({ retention }: Pick<PolicyPack, 'retention'>, refuse: (issue: string) => never): void {
  if (retention === undefined) return;
  checkTerm(retention, 'retention', refuse);
  const { groups = [] } = retention;
  if (!Array.isArray(groups)) refuse('retention.groups must be a list');
  const [ids, places] = [new Set<string>(), new Set<string>()];
  for (const group of groups as readonly RetentionGroup[]) {
    const at = `retention.groups ${String(group?.id)}`;
    checkTerm(group, at, refuse);
    if (typeof group.id !== 'string' || group.id === '' || ids.has(group.id)) refuse(`${at}: its id must be a text of its own`);
    if (typeof group.name?.zh !== 'string' || typeof group.name.en !== 'string') refuse(`${at}: its name must be there in zh and en`);
    if (!Array.isArray(group.places) || group.places.length === 0) refuse(`${at}: places must be a list of at least one`);
    ids.add(group.id);
    for (const place of group.places) {
      if (typeof place !== 'string' || places.has(place)) refuse(`${at}: place "${String(place)}" is in two groups, or is no text`);
      places.add(place);
    }
  }
}

function checkTerm(term: RetentionTerm, at: string, refuse: (issue: string) => never): void {
  if (typeof term !== 'object' || term === null) refuse(`${at} must be an object`);
  const { floorDays, eraseAfterDays } = term;
  if (!Number.isSafeInteger(floorDays) || floorDays < 0) refuse(`${at}: floorDays must be a whole number`);
  if (eraseAfterDays !== undefined && !(Number.isSafeInteger(eraseAfterDays) && eraseAfterDays >= floorDays)) refuse(`${at}: eraseAfterDays must be a whole number and not less than floorDays`);
}

/** What the rules of a pack with a retention must hold to: they refuse to erase within each floor. Empty where no fact tells the age. */
export function retentionProperties({ retention }: Pick<PolicyPack, 'retention'>, knows: (path: string) => boolean): readonly Property[] {
  if (retention === undefined || !knows('footage.ageDays')) return [];
  const text = { zh: '规则拒绝在留存期限内清除录像', en: 'The rules refuse to erase within the floor of the retention' };
  const within = ({ floorDays }: RetentionTerm) => ({ 'footage.ageDays': { lte: floorDays - 1 } });
  const base = { article: '', text, actions: ['erase'], expect: 'deny' } as const;
  const groups = (retention.groups ?? []).map((group): Property => ({ ...base, id: `retention-floor-${group.id}`, when: { all: [within(group), { 'camera.places': { hasAny: group.places } }] } }));
  return [{ ...base, id: 'retention-floor', when: within(retention) }, ...groups].filter((_, index) => [retention, ...(retention.groups ?? [])][index]!.floorDays > 0);
}

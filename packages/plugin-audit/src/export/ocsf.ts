// Entries as events of the Open Cybersecurity Schema Framework, 1.3.0, for a SIEM. schema.ocsf.io
import type { AuditEntry, AuditRecord } from '@wanglou/core';

/** An OCSF event, plain JSON. */
export type OcsfEvent = Readonly<Record<string, unknown>>;

const schemaVersion = '1.3.0';
const informational = 1;
const high = 4;
/** Other activity of a class. */
const other = 99;

interface Classification {
  readonly category: number;
  readonly class: number;
  readonly activity: number;
}

const identity = 3;
const application = 6;
/** Activities of API Activity (6003): create, read, update, delete. */
const activities: Readonly<Record<string, number>> = { live: 2, playback: 2, view: 2, audit: 2, copy: 1, request: 1, review: 3, control: 3, configure: 3, maintain: 3, duty: 3, emergency: 1, hold: 3, erase: 4 };

/** The event of a record. Members that the record does not have are absent. */
export function ocsfOf({ seq, entry, hash, erased }: AuditRecord): OcsfEvent {
  const { category, class: classUid, activity } = classify(entry);
  const user = { uid: entry.principal.id, type_id: entry.principal.kind === 'person' ? 1 : 3 };
  const failed = entry.decision?.effect === 'deny' || entry.outcome === 'failed' || entry.kind === 'malformed';
  return {
    category_uid: category,
    class_uid: classUid,
    activity_id: activity,
    type_uid: classUid * 100 + activity,
    severity_id: entry.kind === 'audit.gap' || entry.kind === 'audit.clock' ? high : informational,
    time: entry.atMs,
    status_id: failed ? 2 : 1,
    ...(entry.outcome !== undefined && { status_detail: entry.outcome }),
    metadata: { version: schemaVersion, product: { name: 'Wanglou', vendor_name: 'Wanglou' }, uid: String(seq), log_name: 'audit', event_code: entry.kind, ...(entry.call !== undefined && { correlation_uid: entry.call }) },
    actor: { user, ...(entry.principal.session !== undefined && { session: { uid: entry.principal.session } }) },
    // The schema asks for it; an act of the system itself has no other end.
    src_endpoint: { ip: entry.principal.address ?? '127.0.0.1' },
    ...partsOf(classUid, entry, user),
    ...(entry.resource?.cameras && { resources: entry.resource.cameras.map((uid) => ({ uid, type: 'camera' })) }),
    unmapped: {
      leaf_sha256: hash,
      ...(erased && { erased }),
      ...(entry.action !== undefined && { action: entry.action }),
      ...(entry.decision && { effect: entry.decision.effect, articles: entry.decision.articles, rules: [...entry.decision.permits, ...entry.decision.denials.map(({ rule }) => rule)], pack: entry.decision.pack, pack_sha256: entry.decision.packSha256 }),
      ...(entry.resource?.range && { range: entry.resource.range }),
      ...(entry.resource?.destination !== undefined && { destination: entry.resource.destination }),
      ...(entry.open && { open: entry.open }),
    },
  };
}

function classify({ kind, operation, action }: AuditEntry): Classification {
  // Authentication: logon, logoff.
  if (operation === 'session.sign-in' || operation === 'session.finish-oidc') return { category: identity, class: 3002, activity: 1 };
  if (operation === 'session.sign-out') return { category: identity, class: 3002, activity: 2 };
  // Entity Management: create, update.
  if (action === 'configure') return { category: identity, class: 3004, activity: /\.(?:create|register|propose)$/.test(operation ?? '') ? 1 : 3 };
  // Authorize Session: a lease that was paused, resumed or ended.
  if (kind === 'lease') return { category: identity, class: 3003, activity: other };
  return { category: application, class: 6003, activity: (action !== undefined && activities[action]) || other };
}

/** What the classes require beside the common members. */
function partsOf(classUid: number, entry: AuditEntry, user: OcsfEvent): OcsfEvent {
  const service = { name: 'wanglou' };
  switch (classUid) {
    case 3002:
      return { user, service };
    case 3003:
      return { user, privileges: [entry.operation ?? entry.kind] };
    case 3004:
      return { entity: { uid: entry.resource?.subject ?? entry.operation ?? entry.kind, type: entry.operation?.split('.')[0] ?? 'campus' } };
    default:
      return { api: { operation: entry.operation ?? entry.kind, service } };
  }
}

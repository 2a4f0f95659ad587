// Everything that the handlers of operations work with, made once by plugin.ts.
import type { AccessRequest, CampusReader, Grant, PolicyPack, Principal } from '@wanglou/core';
import type { AccessConfig } from '../config.ts';
import type { CapacityBooks } from '../delegations/capacities.ts';
import type { Delegations } from '../delegations/delegations.ts';
import type { Documents } from '../documents/documents.ts';
import type { DutyBook } from '../duty/duty.ts';
import type { Emergencies } from '../emergencies/emergencies.ts';
import type { GrantBook } from '../grants/grants.ts';
import type { OidcProvider } from '../oidc/provider.ts';
import type { PackBook } from '../packs/pack-book.ts';
import type { PasswordChecks } from '../people/password-checks.ts';
import type { People } from '../people/people.ts';
import type { Register } from '../register/register.ts';
import type { RequestBook } from '../requests/requests.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import type { LockOut } from '../sessions/lock-out.ts';
import type { SessionBook } from '../sessions/sessions.ts';
import type { PresenceBook } from '../visits/presence.ts';
import type { VisitLine } from '../visits/visit-line.ts';
import type { Workstations } from '../workstations/workstations.ts';
import type { Kysely } from 'kysely';
import type { AccessTables } from '../tables.ts';

/** The plugin's parts. */
export interface Books extends CapacityBooks {
  readonly config: AccessConfig;
  readonly campus: CampusReader;
  readonly database: Kysely<AccessTables>;
  readonly people: People;
  readonly delegations: Delegations;
  readonly sessions: SessionBook;
  readonly lockOut: LockOut;
  readonly passwords: PasswordChecks;
  readonly workstations: Workstations;
  /** Absent where another plugin answers for duty. */
  readonly duty: DutyBook | undefined;
  readonly requests: RequestBook;
  readonly grants: GrantBook;
  readonly emergencies: Emergencies;
  readonly documents: Documents;
  readonly presence: PresenceBook;
  readonly visits: VisitLine;
  readonly register: Register;
  readonly packs: PackBook;
  /** The pack of the configuration. */
  readonly configured: PolicyPack;
  readonly oidc: OidcProvider | undefined;
  readonly keys: KeyRing;
  hasCamera(id: string): boolean;
  newId(): string;
  /** Six random digits. */
  digits(): string;
  /** Never goes back. */
  now(): number;
  /** The clock on the wall, for what other clocks must agree with. */
  wallMs(): number;
  /** Tells the campus what has changed. */
  changed(change: { readonly request?: AccessRequest; readonly grant?: Grant; readonly people?: readonly string[] }): void;
}

/** The address of an act; embedded calls have none. */
export function addressOf({ address }: Principal): string {
  return address ?? 'embedded';
}

// The tables of plugin-access and the steps that made them.
import type { Migration } from '@wanglou/core';
import type { CreateTableBuilder } from 'kysely';

/** Column types. Lists and scopes are JSON text. */
export interface AccessTables {
  person: {
    id: string; name: string; unit: string; roles: string; standing: string; password_hash: string | null; trained_until_ms: number | null;
    active: number; must_change: number; external_id: string | null; totp: string | null; totp_step: number | null; post_until_ms: number | null; confidentiality_until_ms: number | null;
  };
  session: { id: string; credential_sha256: string; person: string; address: string; created_ms: number; seen_ms: number; ended_ms: number | null; step_up_ms: number | null; workstation: string | null; workstation_address: string | null };
  sign_in_failure: { key: string; at_ms: number; attempt: string };
  duty: { person: string; since_ms: number; until_ms: number | null };
  delegation: { id: string; lender: string; borrower: string; role: string; from_ms: number; to_ms: number; reason: string; revoked_ms: number | null };
  workstation: { id: string; name: string; addresses: string; certificate_sha256: string | null; public_key: string | null; invite_sha256: string | null; invite_expires_ms: number | null; removed_ms: number | null };
  request: { id: string; requester: string; content: string; sha256: string; state: string; needs: string; created_ms: number; grant_id: string | null; call: string | null; version: number; revision: number; reminders: number };
  /** The form of reviews before a unit could have several and content could change; read by no one since migration 3. */
  review: { request: string; unit: string; reviewer: string; verdict: string; reason: string; sha256: string; minutes: number; at_ms: number };
  verdict: { request: string; revision: number; unit: string; reviewer: string; on_behalf_of: string | null; verdict: string; reason: string; minutes: number; begin_within_hours: number; at_ms: number };
  visitor: { request: string; visitor: string; id_hash: string; code_hash: string };
  document: { id: string; owner: string; kind: string; media_type: string; sha256: string; sealed: Uint8Array; created_ms: number; request: string | null };
  grant_record: {
    id: string; request: string; holder: string; content: string; approvals: string; starts_ms: number; ends_ms: number; revoked_ms: number | null; revoked_by: string | null;
    use_ms: number; begun_ms: number | null; ended_ms: number | null;
  };
  emergency_review: { grant_id: string; reviewer: string; voice: string; verdict: string; reason: string; at_ms: number };
  /** Each coming into force, numbered: two may happen in one millisecond. */
  pack: { number: number; sha256: string; content: string; in_force_ms: number };
  proposal: { id: string; sha256: string; content: string; proposed_by: string; reason: string; at_ms: number; state: string; settled_by: string | null; settled_ms: number | null; verdict: string; differences: string };
  register: { seq: number; at_ms: number; call: string; person: string; person_name: string; operation: string; action: string; cameras: string; content: string; effect: string; outcome: string | null; words: string };
  register_cursor: { id: number; next_seq: number };
}

type Table = CreateTableBuilder<string, any>;

export const accessMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'people, sessions, duty, requests, grants, register',
    async up(database) {
      const { schema } = database;
      const text = (table: Table, ...names: string[]) => names.reduce((builder, name) => builder.addColumn(name, 'text', (column) => column.notNull()), table);
      const integer = (table: Table, ...names: string[]) => names.reduce((builder, name) => builder.addColumn(name, 'integer', (column) => column.notNull()), table);

      await text(schema.createTable('person').addColumn('id', 'text', (column) => column.primaryKey()), 'name', 'unit', 'roles', 'standing').addColumn('password_hash', 'text').addColumn('trained_until_ms', 'integer').execute();

      const session = text(schema.createTable('session').addColumn('id', 'text', (column) => column.primaryKey()), 'credential_sha256', 'person', 'address');
      await integer(session, 'created_ms', 'seen_ms').addColumn('ended_ms', 'integer').execute();
      await integer(text(schema.createTable('sign_in_failure'), 'key'), 'at_ms').execute();
      await schema.createIndex('sign_in_failure_key').on('sign_in_failure').columns(['key', 'at_ms']).execute();
      await integer(text(schema.createTable('duty'), 'person'), 'since_ms').addColumn('until_ms', 'integer').addPrimaryKeyConstraint('duty_key', ['person', 'since_ms']).execute();

      const request = text(schema.createTable('request').addColumn('id', 'text', (column) => column.primaryKey()), 'requester', 'content', 'sha256', 'state', 'needs');
      await integer(request, 'created_ms').addColumn('grant_id', 'text').execute();
      // One vote of one unit: the key refuses a second one, also from two reviewers at the same moment.
      await integer(text(schema.createTable('review'), 'request', 'unit', 'reviewer', 'verdict', 'reason', 'sha256'), 'minutes', 'at_ms').addPrimaryKeyConstraint('review_key', ['request', 'unit']).execute();

      const grant = text(schema.createTable('grant_record').addColumn('id', 'text', (column) => column.primaryKey()), 'request', 'holder', 'content', 'approvals');
      await integer(grant, 'starts_ms', 'ends_ms').addColumn('revoked_ms', 'integer').addColumn('revoked_by', 'text').execute();

      const register = integer(schema.createTable('register').addColumn('seq', 'integer', (column) => column.primaryKey()), 'at_ms');
      await text(register, 'call', 'person', 'person_name', 'operation', 'action', 'cameras', 'content', 'effect').addColumn('outcome', 'text').execute();
      await schema.createIndex('register_call').on('register').column('call').execute();
      await integer(schema.createTable('register_cursor').addColumn('id', 'integer', (column) => column.primaryKey()), 'next_seq').execute();
    },
  },
  {
    id: 2,
    name: 'tries to sign in, the call of a request, complete lines of the register',
    async up(database) {
      const { schema } = database;
      await schema.alterTable('sign_in_failure').addColumn('attempt', 'text', (column) => column.notNull().defaultTo('')).execute();
      await schema.createIndex('sign_in_failure_attempt').on('sign_in_failure').column('attempt').execute();
      await schema.alterTable('request').addColumn('call', 'text').execute();
      await schema.createIndex('request_requester').on('request').columns(['requester', 'state']).execute();
      // The register is a projection: its lines are made anew, with what they now hold, from the audit log.
      for (const table of ['register', 'register_cursor']) await database.deleteFrom(table).execute();
    },
  },
  {
    id: 3,
    name: 'second factors, workstations, delegations, visits, two clocks, emergencies, packs',
    async up(database) {
      const { schema } = database;
      const add = async (table: string, type: 'text' | 'integer', names: readonly string[], initial?: number) => {
        for (const name of names) await schema.alterTable(table).addColumn(name, type, (column) => (initial === undefined ? column : column.notNull().defaultTo(initial))).execute();
      };
      await add('person', 'integer', ['active'], 1);
      await add('person', 'integer', ['must_change'], 0);
      await add('person', 'text', ['external_id', 'totp']);
      await add('person', 'integer', ['totp_step', 'post_until_ms', 'confidentiality_until_ms']);
      await database.updateTable('person').set((column) => ({ post_until_ms: column.ref('trained_until_ms'), confidentiality_until_ms: column.ref('trained_until_ms') })).execute();
      await schema.createIndex('person_external').unique().on('person').column('external_id').execute();
      await add('session', 'integer', ['step_up_ms']);
      await add('session', 'text', ['workstation', 'workstation_address']);
      await add('request', 'integer', ['version', 'revision'], 1);
      await add('request', 'integer', ['reminders'], 0);
      await add('grant_record', 'integer', ['use_ms'], 0);
      await add('grant_record', 'integer', ['begun_ms', 'ended_ms']);
      // A grant of before had one clock, which ran from its beginning.
      await database.updateTable('grant_record').set((column) => ({ begun_ms: column.ref('starts_ms'), use_ms: column(column.ref('ends_ms'), '-', column.ref('starts_ms')) })).execute();
      await add('register', 'text', ['words']);

      const text = (table: Table, ...names: string[]) => names.reduce((builder, name) => builder.addColumn(name, 'text', (column) => column.notNull()), table);
      const integer = (table: Table, ...names: string[]) => names.reduce((builder, name) => builder.addColumn(name, 'integer', (column) => column.notNull()), table);
      const keyed = (name: string) => schema.createTable(name).addColumn('id', 'text', (column) => column.primaryKey());

      await integer(text(keyed('delegation'), 'lender', 'borrower', 'role', 'reason'), 'from_ms', 'to_ms').addColumn('revoked_ms', 'integer').execute();
      await text(keyed('workstation'), 'name', 'addresses').addColumn('certificate_sha256', 'text').addColumn('public_key', 'text').addColumn('invite_sha256', 'text').addColumn('invite_expires_ms', 'integer').addColumn('removed_ms', 'integer').execute();
      // One vote of one person on one revision: the key refuses a second one, also at the same moment.
      await integer(text(schema.createTable('verdict'), 'request', 'unit', 'reviewer', 'verdict', 'reason'), 'revision', 'minutes', 'begin_within_hours', 'at_ms').addColumn('on_behalf_of', 'text').addPrimaryKeyConstraint('verdict_key', ['request', 'revision', 'reviewer']).execute();
      for (const { sha256: _, ...row } of await database.selectFrom('review').selectAll().execute()) await database.insertInto('verdict').values({ ...row, revision: 1, begin_within_hours: 24, on_behalf_of: null }).execute();
      await text(schema.createTable('visitor'), 'request', 'visitor', 'id_hash', 'code_hash').addPrimaryKeyConstraint('visitor_key', ['request', 'visitor']).execute();
      await integer(text(keyed('document'), 'owner', 'kind', 'media_type', 'sha256'), 'created_ms').addColumn('sealed', 'blob', (column) => column.notNull()).addColumn('request', 'text').execute();
      await schema.createIndex('document_owner').on('document').columns(['owner', 'request']).execute();
      // `voice`: whose power was used. The keys refuse a second review of one person, and a second one by one power, also at the same moment.
      await integer(text(schema.createTable('emergency_review'), 'grant_id', 'reviewer', 'voice', 'verdict', 'reason'), 'at_ms').addPrimaryKeyConstraint('emergency_review_key', ['grant_id', 'reviewer']).addUniqueConstraint('emergency_review_voice', ['grant_id', 'voice']).execute();
      await integer(text(schema.createTable('pack').addColumn('number', 'integer', (column) => column.primaryKey()), 'sha256', 'content'), 'in_force_ms').execute();
      await integer(text(keyed('proposal'), 'sha256', 'content', 'proposed_by', 'reason', 'state', 'verdict', 'differences'), 'at_ms').addColumn('settled_by', 'text').addColumn('settled_ms', 'integer').execute();
      for (const table of ['register', 'register_cursor']) await database.deleteFrom(table).execute();
    },
  },
];

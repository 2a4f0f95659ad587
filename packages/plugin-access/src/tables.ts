// The tables of plugin-access and the steps that made them.
import type { Migration } from '@wanglou/core';
import type { CreateTableBuilder } from 'kysely';

/** Column types. Lists and scopes are JSON text. */
export interface AccessTables {
  person: { id: string; name: string; unit: string; roles: string; standing: string; password_hash: string | null; trained_until_ms: number | null };
  session: { id: string; credential_sha256: string; person: string; address: string; created_ms: number; seen_ms: number; ended_ms: number | null };
  sign_in_failure: { key: string; at_ms: number; attempt: string };
  duty: { person: string; since_ms: number; until_ms: number | null };
  request: { id: string; requester: string; content: string; sha256: string; state: string; needs: string; created_ms: number; grant_id: string | null; call: string | null };
  review: { request: string; unit: string; reviewer: string; verdict: string; reason: string; sha256: string; minutes: number; at_ms: number };
  grant_record: { id: string; request: string; holder: string; content: string; approvals: string; starts_ms: number; ends_ms: number; revoked_ms: number | null; revoked_by: string | null };
  register: { seq: number; at_ms: number; call: string; person: string; person_name: string; operation: string; action: string; cameras: string; content: string; effect: string; outcome: string | null };
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
];

// The tables of plugin-alarm and the steps that made them.
import type { Migration } from '@wanglou/core';

/** Column types. */
export interface AlarmTables {
  /** Steps of alarms, never changed: an alarm is what its steps make of it. The first one, `received`, has what the source said. */
  alarm_step: { alarm: string; number: number; kind: string; at_ms: number; content: string };
}

/** Migrations of the namespace `alarm`. */
export const alarmMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'steps of alarms',
    async up({ schema }) {
      await schema
        .createTable('alarm_step')
        .addColumn('alarm', 'text', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('at_ms', 'integer', (column) => column.notNull())
        .addColumn('content', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('alarm_step_key', ['alarm', 'number'])
        .execute();
      await schema.createIndex('alarm_step_kind').on('alarm_step').columns(['kind', 'at_ms']).execute();
    },
  },
];

// The entries of the list: a page, and older ones on demand. Each reading is itself an entry.
import { useCallback, useEffect, useState } from 'react';
import type { AuditRecord } from '@wanglou/core';
import type { AuditFilters } from '@wanglou/plugin-audit/contract';
import type { Problem } from '../api/problem.ts';
import { useApp } from '../app/context.ts';
import { useAct, useOperation, type Loaded } from '../app/use-operation.ts';
import { foldRoutine } from './fold-routine.ts';

/** Rows at a time. */
const pageSize = 100;
/** Most that the server answers at once. */
const largestPage = 500;
/** Fewer lines than this, and what came before is read as well. */
const fewLines = 15;
const none: ReadonlySet<number> = new Set();

/** Entries with the way to older ones. */
export interface AuditList {
  readonly first: Loaded<{ readonly records: readonly AuditRecord[] }>;
  readonly records: readonly AuditRecord[];
  /** There are no older ones. */
  readonly complete: boolean;
  readonly older: () => void;
  readonly busy: boolean;
  readonly problem: Problem | undefined;
}

/** Reads entries by filters, newest first. */
export function useAuditList(filters: AuditFilters): AuditList {
  const { client } = useApp();
  const first = useOperation('audit.list', { ...filters, limit: pageSize });
  const [more, setMore] = useState<readonly AuditRecord[]>([]);
  const [complete, setComplete] = useState(false);
  const act = useAct();
  const key = JSON.stringify(filters);
  useEffect(() => {
    setMore([]);
    setComplete(first.data !== undefined && first.data.records.length < pageSize);
    const read = first.data?.records ?? [];
    const lastSeq = read.at(-1)?.seq;
    const wanted = JSON.parse(key) as AuditFilters;
    if (read.length < pageSize || lastSeq === undefined || wanted.kind !== undefined || foldRoutine(read, none).length >= fewLines) return undefined;
    // A quiet night is a page of heartbeats in one line: what came before it is read at once.
    const controller = new AbortController();
    client.read('audit.list', { ...wanted, limit: largestPage, beforeSeq: lastSeq }, controller.signal).then(
      ({ records: before }) => {
        setMore(before);
        setComplete(before.length < largestPage);
      },
      // The button that asks for older ones says what is wrong.
      () => undefined,
    );
    return () => controller.abort();
  }, [client, key, first.data]);
  const records = [...(first.data?.records ?? []), ...more];
  const beforeSeq = records.at(-1)?.seq;
  const older = useCallback(
    () =>
      void act.run(async () => {
        if (beforeSeq === undefined) return;
        const answer = await client.call('audit.list', { ...filters, limit: pageSize, beforeSeq });
        setMore((before) => [...before, ...answer.records]);
        setComplete(answer.records.length < pageSize);
      }),
    [act, client, filters, beforeSeq],
  );
  return { first, records, complete, older, busy: act.busy, problem: act.problem };
}

// Reads who watched a camera: the audit log for what happened and how long, the register for what for.
import { useCallback, useEffect, useState } from 'react';
import type { AuditRecord, TimeRange } from '@wanglou/core';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import type { Client } from '../../api/client.ts';
import { asProblem, type Problem } from '../../api/problem.ts';
import { useApp } from '../../app/context.ts';
import type { Loaded } from '../../app/use-operation.ts';
import { watchedBy, type WatchedBy } from './watched-acts.ts';

const perPage = 500;
/** More is not read at once; the page says so. */
const mostPages = 20;
/** Leases live an hour at most unless a grant says more: what began before the range may reach into it, and end after it. */
const marginMs = 3_600_000;

/** Who watched. */
export interface Watched {
  readonly by: readonly WatchedBy[];
  /** There was more than is read at once: the oldest acts of the range are not in it. */
  readonly truncated: boolean;
}

/** Reads anew whenever camera or range change. */
export function useWatched(camera: string | undefined, { fromMs, toMs }: TimeRange): Loaded<Watched> {
  const { client } = useApp();
  const [round, setRound] = useState(0);
  const [answer, setAnswer] = useState<{ data?: Watched; problem?: Problem; loading: boolean }>({ loading: true });
  useEffect(() => {
    if (camera === undefined) return undefined;
    const controller = new AbortController();
    setAnswer((before) => ({ ...before, loading: true }));
    readAll(client, camera, { fromMs, toMs }, controller.signal).then(
      (data) => setAnswer({ data, loading: false }),
      (error: unknown) => controller.signal.aborted || setAnswer({ problem: asProblem(error), loading: false }),
    );
    return () => controller.abort();
  }, [client, camera, fromMs, toMs, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  return { data: answer.data, problem: answer.problem, loading: answer.loading, reload };
}

async function readAll(client: Client, camera: string, range: TimeRange, signal: AbortSignal): Promise<Watched> {
  const around = { fromMs: Math.max(0, range.fromMs - marginMs), toMs: range.toMs + marginMs };
  const [records, rows] = await Promise.all([
    pages<AuditRecord>(async (page) => (await client.read('audit.list', { camera, ...around, limit: perPage, ...page }, signal)).records),
    pages<RegisterRow>(async (page) => (await client.read('register.list', { camera, ...around, limit: perPage, ...page }, signal)).rows),
  ]);
  return { by: watchedBy(records.all, rows.all, range), truncated: records.truncated || rows.truncated };
}

async function pages<T extends { readonly seq: number }>(read: (page: { readonly beforeSeq?: number }) => Promise<readonly T[]>): Promise<{ readonly all: readonly T[]; readonly truncated: boolean }> {
  const all: T[] = [];
  for (let count = 0; count < mostPages; count++) {
    const beforeSeq = all.at(-1)?.seq;
    const page = await read(beforeSeq === undefined ? {} : { beforeSeq });
    all.push(...page);
    if (page.length < perPage) return { all, truncated: false };
  }
  return { all, truncated: true };
}

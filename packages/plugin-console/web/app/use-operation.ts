// Reads an operation for a page: abortable, repeatable, keeps the old answer while a new one comes.
import { useCallback, useEffect, useState } from 'react';
import { asProblem, type Problem } from '../api/problem.ts';
import type { InputOf, OperationId, OutputOf } from '../api/operations.ts';
import { useApp } from './context.ts';

/** What was read, or why not. */
export interface Loaded<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** Calls an operation now and whenever the input changes. `undefined` input: not yet. */
export function useOperation<Id extends OperationId>(operation: Id, input: InputOf<Id> | undefined): Loaded<OutputOf<Id>> {
  const { client } = useApp();
  const [round, setRound] = useState(0);
  const [answer, setAnswer] = useState<{ data?: OutputOf<Id>; problem?: Problem; loading: boolean }>({ loading: true });
  const key = input === undefined ? undefined : JSON.stringify(input);
  useEffect(() => {
    if (key === undefined) return undefined;
    const controller = new AbortController();
    setAnswer((before) => ({ ...before, loading: true }));
    client.read(operation, JSON.parse(key) as InputOf<Id>, controller.signal).then(
      (data) => setAnswer({ data, loading: false }),
      (error: unknown) => {
        if (!controller.signal.aborted) setAnswer({ problem: asProblem(error), loading: false });
      },
    );
    return () => controller.abort();
  }, [client, operation, key, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  return { data: answer.data, problem: answer.problem, loading: answer.loading, reload };
}

/** Runs an act once at a time and keeps what went wrong. */
export function useAct(): { readonly busy: boolean; readonly problem: Problem | undefined; readonly run: (act: () => Promise<void>) => Promise<void>; readonly clear: () => void } {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const run = useCallback(async (act: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setProblem(undefined), []);
  return { busy, problem, run, clear };
}

// Runs a check of the log: in a worker of this browser, or in the server. One at a time; it can be called off.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Text } from '@wanglou/core';
import { mediaUrl, type Client } from '../../api/client.ts';
import { asProblem, type Problem } from '../../api/problem.ts';
import { useApp } from '../../app/context.ts';
import { keepSetting, readSetting } from '../../app/storage.ts';
import type { CheckFound, CheckInput, CheckMessage } from './check-messages.ts';
import { keptSetting, parseKept, type KeptCheckpoint } from './kept-checkpoint.ts';
import { checkOfBrowser, checkOfServer, type LogCheck } from './log-check.ts';

/** How a check stands. */
export type CheckState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly where: LogCheck['where']; readonly index?: number; readonly size?: number }
  /** `kept`: what this browser had kept before this check. */
  | { readonly kind: 'done'; readonly check: LogCheck; readonly kept?: KeptCheckpoint }
  | { readonly kind: 'failed'; readonly problem?: Problem; readonly text?: Text };

/** What {@link useLogCheck} gives. */
export interface LogCheckControls {
  readonly state: CheckState;
  inBrowser(): void;
  inServer(): void;
  cancel(): void;
  /** Forgets the checkpoint that this browser has kept. */
  forget(): void;
}

/** Checks on demand. */
export function useLogCheck(): LogCheckControls {
  const { client, now } = useApp();
  const [state, setState] = useState<CheckState>({ kind: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback((first: CheckState, work: (signal: AbortSignal) => Promise<CheckState>) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState(first);
    const settle = (next: CheckState) => {
      if (!controller.signal.aborted) setState(next);
    };
    work(controller.signal).then(settle, (error: unknown) => settle({ kind: 'failed', problem: asProblem(error) }));
  }, []);

  const inBrowser = () =>
    run({ kind: 'running', where: 'browser' }, async (signal) => {
      const kept = parseKept(readSetting(keptSetting));
      const message = await openAndCheck(client, kept, signal, (index, size) => setState({ kind: 'running', where: 'browser', index, size }));
      if (message.kind === 'failed') return { kind: 'failed', text: message.text };
      const check = checkOfBrowser(message.found.result, now());
      keep(message.found, check);
      return { kind: 'done', check, ...(kept && { kept }) };
    });
  const inServer = () => run({ kind: 'running', where: 'server' }, async (signal) => ({ kind: 'done', check: checkOfServer(await client.call('audit.verify', {}, signal), now()) }));
  const stop = () => {
    running.current?.abort();
    setState({ kind: 'idle' });
  };
  const forget = () => {
    keepSetting(keptSetting, undefined);
    stop();
  };
  return { state, inBrowser, inServer, cancel: stop, forget };
}

/** Only what was found whole is worth continuing. */
function keep({ note, result: { size } }: CheckFound, { state, atMs }: LogCheck): void {
  if (state !== 'broken' && note !== '') keepSetting(keptSetting, JSON.stringify({ note, size, atMs } satisfies KeptCheckpoint));
}

async function openAndCheck(client: Client, kept: KeptCheckpoint | undefined, signal: AbortSignal, progress: (index: number, size: number) => void): Promise<Exclude<CheckMessage, { kind: 'progress' }>> {
  const { lease } = await client.call('audit.open', {}, signal);
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url));
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }: MessageEvent<CheckMessage>) => (data.kind === 'progress' ? progress(data.index, data.size) : resolve(data));
      worker.postMessage({ address: new URL(mediaUrl(lease, ''), location.href).href, ...(kept && { since: kept.note }) } satisfies CheckInput);
    });
  } finally {
    worker.terminate();
    client.release(lease);
  }
}

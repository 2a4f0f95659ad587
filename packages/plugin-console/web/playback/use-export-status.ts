// Follows a copy while it is made.
import { useEffect, useState } from 'react';
import type { ExportStatus, FootageCopy } from '@wanglou/core';
import { mediaUrl } from '../api/client.ts';
import { asProblem, parseProblem, type Problem } from '../api/problem.ts';

/** How a copy stands. */
export interface ExportView {
  readonly status: ExportStatus | undefined;
  /** It can no longer be asked, such as when its grant was revoked. */
  readonly problem: Problem | undefined;
  /** Of an encrypted copy, once it is ready. */
  readonly passphrase: string | undefined;
}

const askEveryMs = 800;
const nothing: ExportView = { status: undefined, problem: undefined, passphrase: undefined };

/** Asks for the progress until the copy is ready or failed. */
export function useExportStatus(copy: FootageCopy | undefined, encrypted: boolean): ExportView {
  const [view, setView] = useState<ExportView>(nothing);
  const lease = copy?.lease;
  useEffect(() => {
    setView(nothing);
    if (lease === undefined) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (path: string): Promise<Response> => {
      const response = await fetch(mediaUrl(lease, path), { credentials: 'same-origin', cache: 'no-store', signal });
      if (!response.ok) throw parseProblem(response.status, await response.json().catch(() => undefined));
      return response;
    };
    const ask = async () => {
      try {
        const status = (await (await read('status.json')).json()) as ExportStatus;
        const passphrase = status.state === 'ready' && encrypted ? (await (await read('passphrase.txt')).text()).trim() : undefined;
        setView({ status, problem: undefined, passphrase });
        if (status.state === 'preparing') timer = setTimeout(() => void ask(), askEveryMs);
      } catch (error) {
        if (!signal.aborted) setView({ ...nothing, problem: asProblem(error) });
      }
    };
    void ask();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [lease, encrypted]);
  return view;
}

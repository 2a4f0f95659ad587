// Prints a list once the newest checkpoint stands on it.
import { useEffect, useState } from 'react';
import type { OutputOf } from '../api/operations.ts';
import { useApp } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';

/** The checkpoint that stands on the paper, and the way to print. */
export function usePrint(): { readonly newest: OutputOf<'audit.checkpoint'> | undefined; readonly print: () => void; readonly busy: boolean; readonly problem: ReturnType<typeof useAct>['problem'] } {
  const { client } = useApp();
  const [newest, setNewest] = useState<OutputOf<'audit.checkpoint'>>();
  const act = useAct();
  useEffect(() => {
    if (newest) globalThis.print();
  }, [newest]);
  return { newest, print: () => void act.run(async () => setNewest(await client.call('audit.checkpoint', {}))), busy: act.busy, problem: act.problem };
}

// The newest checkpoint, as it stands on everything that is printed: who holds the paper can hold the log to it.
import type { Checkpoint } from '@wanglou/core';
import { useDesk } from '../app/context.ts';
import { useOperation, type Loaded } from '../app/use-operation.ts';
import { rootStart } from '../audit/chain-state.ts';
import type { OutputOf } from '../api/operations.ts';
import { Both } from './both.tsx';

/** Reads the newest checkpoint; `wanted` false: not yet. */
export function useNewestCheckpoint(wanted = true): Loaded<OutputOf<'audit.checkpoint'>> {
  return useOperation('audit.checkpoint', wanted ? {} : undefined);
}

/** Origin, size, beginning of the root, time. */
export function CheckpointLine({ origin, checkpoint }: { readonly origin: string; readonly checkpoint: Checkpoint }) {
  const { formats } = useDesk();
  return (
    <p className="checkpoint-line" data-testid="paper-checkpoint">
      <Both text="paper.checkpoint" /> <code>{origin}</code> · <Both text="audit.checkpoint-size" params={{ size: checkpoint.size }} /> · <code>{rootStart(checkpoint.root)}</code> · <span className="figures">{formats.moment(checkpoint.atMs)}</span>
    </p>
  );
}

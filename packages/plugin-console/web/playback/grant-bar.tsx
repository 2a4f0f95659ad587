// The grant on the picture: its clock beside the lease's, more time, an early end.
import type { Grant } from '@wanglou/core';
import { GrantLine } from '../requests/grant-line.tsx';
import { GrantTools } from '../requests/grant-tools.tsx';

/** Clock and tools of the grant under which footage plays. */
export function GrantBar({ grant }: { readonly grant: Grant }) {
  return (
    <span className="grant-bar row" data-testid="playback-grant">
      <GrantLine grant={grant} />
      <GrantTools grant={grant} />
    </span>
  );
}

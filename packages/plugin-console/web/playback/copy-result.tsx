// A copy in the making, and when it is ready: what is missing, how far it is, its passphrase, its download.
import type { FootageCopy } from '@wanglou/core';
import { mediaUrl } from '../api/client.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { gapText } from '../timeline/gap-text.ts';
import type { ExportView } from './use-export-status.ts';

/** Says how the copy stands. */
export function CopyResult({ copy, view, toMs }: { readonly copy: FootageCopy; readonly view: ExportView; readonly toMs: number }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const { status, problem, passphrase } = view;
  return (
    <>
      {copy.gaps.map((gap) => (
        <Notice key={`${gap.camera} ${gap.fromMs}`} tone="waiting" icon="warn">
          {cameras.name(gap.camera)} {gapText(gap, words)} <span className="figures">{formats.range({ fromMs: gap.fromMs, toMs: gap.toMs ?? toMs })}</span>
        </Notice>
      ))}
      {problem && <Failure problem={problem} />}
      {status?.state === 'preparing' && (
        <p className="copy-progress" data-testid="copy-progress">
          <progress value={status.doneBytes} max={status.totalBytes} aria-label={words.t('copy.preparing')} />
          <span className="figures">{Math.floor((status.doneBytes / status.totalBytes) * 100)} %</span>
        </p>
      )}
      {status?.state === 'failed' && (
        <Notice tone="refused" icon="warn">
          {words.t('copy.failed', { reason: status.reason ?? '' })}
        </Notice>
      )}
      {passphrase !== undefined && (
        <Notice tone="waiting" icon="lock">
          {words.t('copy.passphrase')} <code data-testid="copy-passphrase">{passphrase}</code> <CopyButton text={() => passphrase} label={words.t('button.copy')} />
        </Notice>
      )}
    </>
  );
}

/** The link to the package. */
export function DownloadLink({ copy }: { readonly copy: FootageCopy }) {
  const { words } = useApp();
  return (
    <a className="button primary" href={mediaUrl(copy.lease, copy.path)} download data-testid="playback-copy-download">
      <Icon name="download" size={16} />
      {words.t('button.download')}
    </a>
  );
}

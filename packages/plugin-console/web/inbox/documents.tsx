// The papers of an outside visit, opened by those who judge it. Articles 13(2) and 13(3).
import { useEffect, useState } from 'react';
import type { AccessRequest, DocumentRef } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { shortHash } from '../i18n/format.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';

/** A paper that was opened. */
interface Opened {
  readonly document: DocumentRef;
  readonly url: string;
  readonly mediaType: string;
}

/** Buttons for the papers; opening one is an act that is recorded. */
export function Documents({ request, documents }: { readonly request: AccessRequest; readonly documents: readonly DocumentRef[] }) {
  const { words, client } = useApp();
  const [opened, setOpened] = useState<Opened>();
  const act = useAct();
  useEffect(() => (opened ? () => URL.revokeObjectURL(opened.url) : undefined), [opened]);
  const open = (document: DocumentRef) =>
    act.run(async () => {
      const { mediaType, base64 } = await client.call('document.read', { request: request.id, document: document.id });
      setOpened({ document, mediaType, url: URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: mediaType })) });
    });
  return (
    <div className="row documents">
      <span className="faint">{words.t('visit.papers')}</span>
      {documents.length === 0 && <span>{words.t('documents.none')}</span>}
      {documents.map((document) => (
        <Button key={document.id} icon="request" busy={act.busy} onClick={() => void open(document)} title={document.sha256} data-testid="document-open">
          {words.t(`document-kind.${document.kind}`)}
        </Button>
      ))}
      {act.problem && <Failure problem={act.problem} />}
      {opened && <Paper opened={opened} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

function Paper({ opened, onClose }: { readonly opened: Opened; readonly onClose: () => void }) {
  const { words } = useApp();
  const { document, url, mediaType } = opened;
  const title = words.t(`document-kind.${document.kind}`);
  return (
    <Dialog title={title} onClose={onClose} wide>
      {mediaType.startsWith('image/') ? (
        <img className="paper-scan" src={url} alt={title} />
      ) : (
        // The content security policy shows no documents of other kinds inside the page.
        <a className="button primary" href={url} download={`${document.kind}-${document.sha256.slice(0, 8)}.pdf`}>
          <Icon name="download" size={16} />
          {words.t('button.download')}
        </a>
      )}
      <p className="faint">
        SHA-256 <code>{shortHash(document.sha256)}</code> · {words.t('documents.recorded')}
      </p>
    </Dialog>
  );
}

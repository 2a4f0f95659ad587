// An A4 paper: black on white whatever the theme, Chinese first, with the record's hash, the newest checkpoint, and a code that opens the record.
import type { ReactNode } from 'react';
import type { MessageKey } from '../i18n/language.ts';
import { useApp, useDesk } from '../app/context.ts';
import { Button } from '../kit/button.tsx';
import { QrCode } from '../kit/qr-code.tsx';
import { Both } from './both.tsx';
import { CheckpointLine, useNewestCheckpoint } from './newest-checkpoint.tsx';

interface PaperProps {
  readonly title: MessageKey;
  /** What the record is known by. */
  readonly number: string;
  /** Where the record is, below this site. */
  readonly path: string;
  /** Hash of the record, and what it is the hash of. */
  readonly hash?: { readonly name: MessageKey; readonly value: string };
  /** Buttons beside the one that prints. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** A paper with its head and foot, and the button that prints it. */
export function Paper({ title, number, path, hash, tools, children }: PaperProps) {
  const { words, now } = useApp();
  const { campus, formats, session } = useDesk();
  const address = location.origin + path;
  const newest = useNewestCheckpoint();
  return (
    <div className="paper-frame">
      <div className="row end screen-only">
        <Button onClick={() => history.back()}>{words.t('visit.back')}</Button>
        {tools}
        <Button look="primary" icon="print" busy={newest.loading && !newest.data} onClick={() => print()} data-testid="paper-print">
          {words.t('button.print')}
        </Button>
      </div>
      <article className="paper" data-testid="paper">
        <header>
          <p>
            <span lang="zh-CN">{campus.name.zh}</span> <small lang="en">{campus.name.en}</small>
          </p>
          <h1>
            <Both text={title} />
          </h1>
          <p>
            <Both text="paper.number" /> <code>{number}</code>
          </p>
        </header>
        {children}
        <footer>
          <QrCode text={address} name={words.t('paper.qr')} />
          <div>
            {hash && (
              <>
                <p>
                  <Both text={hash.name} />
                </p>
                <code>{hash.value}</code>
              </>
            )}
            <p>
              <Both text="paper.address" />
            </p>
            <code>{address}</code>
            <p>
              <span lang="zh-CN">{campus.pack.title.zh}</span> <code>{`${campus.pack.id}@${campus.pack.version}`}</code>
            </p>
            {newest.data && <CheckpointLine {...newest.data} />}
            <p className="figures">
              <Both text="paper.printed" params={{ person: session.person.name, moment: formats.moment(now()) }} />
            </p>
          </div>
        </footer>
      </article>
    </div>
  );
}

/** One line of a paper's table. */
export function PaperRow({ name, children }: { readonly name: MessageKey; readonly children: ReactNode }) {
  return (
    <tr>
      <th scope="row">
        <Both text={name} />
      </th>
      <td>{children}</td>
    </tr>
  );
}

/** Places for signatures. */
export function Signatures({ names }: { readonly names: readonly MessageKey[] }) {
  return (
    <div className="signatures">
      {names.map((name) => (
        <p key={name}>
          <Both text={name} />
        </p>
      ))}
    </div>
  );
}

/** What a paper says of the request it is about. */
export function ofRequest({ id, sha256 }: { readonly id: string; readonly sha256: string }): Pick<PaperProps, 'number' | 'path' | 'hash'> {
  return { number: id, path: `/requests/${id}`, hash: { name: 'paper.hash', value: sha256 } };
}

// An A4 paper: black on white whatever the theme, Chinese first, with the record's hash and a code that opens it.
import type { ReactNode } from 'react';
import { createWords, type MessageKey, type MessageParams, type Words } from '../i18n/language.ts';
import { useApp, useDesk } from '../app/context.ts';
import { Button } from '../kit/button.tsx';
import { QrCode } from '../kit/qr-code.tsx';

const zh = createWords('zh');
const en = createWords('en');

/** Words of both languages, for papers. */
export const bothLanguages: readonly Words[] = [zh, en];

/** A message in Chinese with the English small behind it. */
export function Both({ text, params }: { readonly text: MessageKey; readonly params?: MessageParams }) {
  return (
    <>
      <span lang="zh-CN">{zh.t(text, params)}</span> <small lang="en">{en.t(text, params)}</small>
    </>
  );
}

interface PaperProps {
  readonly title: MessageKey;
  /** Id and hash of the request. */
  readonly request: { readonly id: string; readonly sha256: string };
  readonly children: ReactNode;
}

/** A paper with its head and foot, and the button that prints it. */
export function Paper({ title, request, children }: PaperProps) {
  const { words, now } = useApp();
  const { campus, formats, session } = useDesk();
  const address = `${location.origin}/requests/${request.id}`;
  return (
    <div className="paper-frame">
      <div className="row end screen-only">
        <Button onClick={() => history.back()}>{words.t('visit.back')}</Button>
        <Button look="primary" icon="print" onClick={() => print()} data-testid="paper-print">
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
            <Both text="paper.number" /> <code>{request.id}</code>
          </p>
        </header>
        {children}
        <footer>
          <QrCode text={address} name={words.t('paper.qr')} />
          <div>
            <p>
              <Both text="paper.hash" />
            </p>
            <code>{request.sha256}</code>
            <p>
              <Both text="paper.address" />
            </p>
            <code>{address}</code>
            <p>
              <span lang="zh-CN">{campus.pack.title.zh}</span> <code>{`${campus.pack.id}@${campus.pack.version}`}</code>
            </p>
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

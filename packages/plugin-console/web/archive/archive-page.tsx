// The catalogue of archives: important footage on other storage, with its written record. Article 15(4).
import { useEffect, useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { usePeopleNames } from '../app/people-names.ts';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { AdoptDialog } from './adopt-dialog.tsx';
import { ArchiveCard } from './archive-card.tsx';
import { ArchiveDialog } from './archive-dialog.tsx';

/** Typing settles before it is searched: each search is an audited act. */
const settleMs = 400;

/** Lists archives, makes new ones, finds those of a lost catalogue. */
export default function ArchivePage() {
  const { words } = useApp();
  const { feed } = useDesk();
  const names = usePeopleNames();
  const [text, setText] = useState('');
  const [wanted, setWanted] = useState('');
  const [dialog, setDialog] = useState<'new' | 'adopt'>();
  useEffect(() => {
    const settled = setTimeout(() => setWanted(text.trim()), settleMs);
    return () => clearTimeout(settled);
  }, [text]);
  const loaded = useOperation('recording.archives', wanted === '' ? {} : { text: wanted });
  const { reload } = loaded;
  useEffect(() => feed.on('archive', reload), [feed, reload]);
  const targets = loaded.data?.targets ?? [];
  return (
    <div className="page">
      <header className="page-head row">
        <h1>{words.t('page.archive')}</h1>
        <div className="grow" />
        <input className="brief" type="search" value={text} onChange={(event) => setText(event.target.value)} aria-label={words.t('archive.search')} placeholder={words.t('archive.search')} data-testid="archive-search" />
        <Button disabled={targets.length === 0} onClick={() => setDialog('adopt')} data-testid="archive-adopt">
          {words.t('archive.adopt')}
        </Button>
        <Button icon="plus" look="primary" disabled={targets.length === 0} onClick={() => setDialog('new')} data-testid="archive-new">
          {words.t('archive.new')}
        </Button>
      </header>
      <Loading loaded={loaded}>
        {({ archives }) =>
          archives.length === 0 ? (
            <Empty icon="server" title={words.t(wanted === '' ? 'archive.none' : 'archive.none-found')}>
              <p>{words.t(targets.length === 0 ? 'archive.no-target' : 'archive.none-hint')}</p>
            </Empty>
          ) : (
            <ul className="cards">
              {archives.map((archive) => (
                <ArchiveCard key={archive.id} archive={archive} target={targets.find(({ id }) => id === archive.target)} names={names} onChanged={reload} />
              ))}
            </ul>
          )
        }
      </Loading>
      {dialog === 'new' && <ArchiveDialog targets={targets} onClose={() => setDialog(undefined)} onOrdered={() => (setDialog(undefined), reload())} />}
      {dialog === 'adopt' && <AdoptDialog targets={targets} onClose={() => setDialog(undefined)} onAdopted={reload} />}
    </div>
  );
}

// What a signed-in person's pages share: the session, duty, and the server's events.
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { CampusFacts } from '@wanglou/core';
import type { SessionView } from '@wanglou/plugin-access/contract';
import { AlarmsProvider } from '../alarms/alarms-provider.tsx';
import { browserParts, openEventFeed, type EventFeed } from '../api/events.ts';
import { createFormats } from '../i18n/format.ts';
import { CamerasProvider } from './cameras.tsx';
import { DeskContext, nameIn, useApp, type Desk } from './context.ts';
import { DialogHost, type DeskDialog } from './dialog-host.tsx';
import { linkParts, openWallLink } from '../player/wall-link.ts';
import { PresenceProvider } from '../presence/presence-provider.tsx';
import { WorkstationProof } from '../workstation/workstation-proof.tsx';
import { StepUpHost } from './step-up-host.tsx';
import { unlockSound } from './unlock-sound.ts';

interface DeskProviderProps {
  readonly campus: CampusFacts;
  readonly session: SessionView;
  readonly readSession: () => Promise<void>;
  readonly readCampus: () => void;
  readonly onSignedOut: () => void;
  readonly children: ReactNode;
}

/** Opens the desk of one person. Mount it anew for another person. */
export function DeskProvider({ campus, session, readSession, readCampus, onSignedOut, children }: DeskProviderProps) {
  const { client, words } = useApp();
  const [feed, setFeed] = useState<EventFeed>();
  const [wall] = useState(() => openWallLink(linkParts()));
  const [dialog, setDialog] = useState<DeskDialog>();

  useEffect(() => {
    const opened = openEventFeed(browserParts());
    opened.on('session', () => void readSession());
    // Other rules may let this person do other things.
    opened.on('policy', () => (readCampus(), void readSession()));
    setFeed(opened);
    return () => opened.close();
  }, [readSession, readCampus]);

  useEffect(() => () => wall.close(), [wall]);

  const desk = useMemo<Desk | undefined>(
    () =>
      feed && {
        campus,
        formats: createFormats(campus.timeZone, words),
        session,
        feed,
        wall,
        beginDuty: async () => {
          // The click that begins duty is the gesture that lets pictures have sound later on.
          unlockSound();
          await client.call('duty.begin', {});
          await readSession();
        },
        endDuty: async () => {
          const { call } = await client.act('duty.end', {});
          await readSession();
          return call;
        },
        signOut: async () => {
          await client.signOut();
          onSignedOut();
        },
        readSession,
        explain: (asked) => setDialog({ kind: 'explain', asked }),
        takeReceipt: (call) => setDialog({ kind: 'receipt', call }),
        confirmPresence: (asked) => new Promise((resolve) => setDialog({ kind: 'presence', asked, resolve })),
        unitName: (id) => nameIn(campus.units, id, words),
        roleName: (id) => nameIn(campus.roles, id, words),
      },
    [feed, wall, campus, words, session, client, readSession, onSignedOut],
  );
  if (!desk) return undefined;
  return (
    <DeskContext.Provider value={desk}>
      <WorkstationProof />
      <StepUpHost />
      <CamerasProvider>
        <AlarmsProvider>
          <PresenceProvider>
            {children}
            {dialog && <DialogHost dialog={dialog} onClose={() => setDialog(undefined)} />}
          </PresenceProvider>
        </AlarmsProvider>
      </CamerasProvider>
    </DeskContext.Provider>
  );
}

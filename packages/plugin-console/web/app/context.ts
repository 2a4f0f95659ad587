// What every page may use: the words, the formats, the campus, the session, the client.
import { createContext, useContext } from 'react';
import type { CampusFacts, Language, Text } from '@wanglou/core';
import type { SessionView } from '@wanglou/plugin-access/contract';
import type { Client } from '../api/client.ts';
import type { EventFeed } from '../api/events.ts';
import type { Formats } from '../i18n/format.ts';
import type { Words } from '../i18n/language.ts';
import type { WallLink } from '../player/wall-link.ts';
import type { Theme, ThemeChoice } from './theme.ts';

/** The surroundings of every page. */
export interface App {
  readonly client: Client;
  readonly words: Words;
  readonly setLanguage: (language: Language) => void;
  readonly theme: Theme;
  readonly themeChoice: ThemeChoice;
  readonly setTheme: (choice: ThemeChoice) => void;
  /** The server's time as far as it is known. */
  readonly now: () => number;
  /** Asks the person to prove anew who they are; `true` when they did. */
  readonly stepUp: () => Promise<boolean>;
  /** Says who asks for that proof; the function that comes back takes it away. */
  readonly provideStepUp: (ask: () => Promise<boolean>) => () => void;
}

/** An act somebody tried. */
export interface AskedAct {
  readonly operation: string;
  readonly input: unknown;
}

/** The surroundings once the campus is known and somebody is signed in. */
export interface Desk {
  readonly campus: CampusFacts;
  readonly formats: Formats;
  readonly session: SessionView;
  readonly feed: EventFeed;
  /** Carries the live pictures of the wall. */
  readonly wall: WallLink;
  beginDuty(): Promise<void>;
  /** Answers the id of the call, by which its receipt is asked for. */
  endDuty(): Promise<string | undefined>;
  signOut(): Promise<void>;
  /** Reads the session anew, after an act that changed it. */
  readSession(): Promise<void>;
  /** Shows how the rules came to refuse an act. */
  explain(asked: AskedAct): void;
  /** Takes the audit receipt of a call and shows it. */
  takeReceipt(call: string): void;
  /** Lets the persons of a visit say that they are here; `true` once all are. Absent act: of the visit that can be used now. */
  confirmPresence(asked: AskedAct | undefined): Promise<boolean>;
  /** Name of a unit, or its id when the pack does not know it. */
  unitName(id: string): string;
  roleName(id: string): string;
}

export const AppContext = createContext<App | undefined>(undefined);
export const DeskContext = createContext<Desk | undefined>(undefined);

/** The surroundings of every page. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp is used outside of the app');
  return app;
}

/** The words of the reader's language. */
export function useWords(): Words {
  return useApp().words;
}

/** The surroundings of a signed-in page. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk is used outside of a signed-in page');
  return desk;
}

/** The desk where there is one; a denial may show before anybody signed in. */
export function useOptionalDesk(): Desk | undefined {
  return useContext(DeskContext);
}

/** Name of a thing of the pack in the reader's language, or its id. */
export function nameIn(list: readonly { readonly id: string; readonly name: Text }[], id: string, words: Words): string {
  const found = list.find((item) => item.id === id);
  return found ? words.text(found.name) : id;
}

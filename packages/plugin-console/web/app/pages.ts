// The pages: where they are, what they are called, who is shown the way to them. The gate decides, not this list.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Action } from '@wanglou/core';
import type { MessageKey } from '../i18n/language.ts';
import type { IconName } from '../kit/icon.tsx';
import { WallPage } from '../wall/wall-page.tsx';

/** A page of the console. */
export interface Page {
  readonly path: string;
  readonly title: MessageKey;
  readonly icon: IconName;
  /** Second key after `g`; absent for pages that are not in the rail. */
  readonly key?: string;
  /** Shown to people who may do this; to everybody when absent. */
  readonly action?: Action;
  readonly component: ComponentType | LazyExoticComponent<ComponentType>;
}

/** All pages, in the order of the rail. */
export const pages: readonly Page[] = [
  { path: '/wall', title: 'page.wall', icon: 'wall', key: 'w', component: WallPage },
  { path: '/playback', title: 'page.playback', icon: 'playback', key: 'p', component: lazy(() => import('../playback/playback-page.tsx')) },
  { path: '/requests', title: 'page.requests', icon: 'request', key: 'q', action: 'request', component: lazy(() => import('../requests/requests-page.tsx')) },
  { path: '/requests/new', title: 'page.request-form', icon: 'request', action: 'request', component: lazy(() => import('../requests/request-form-page.tsx')) },
  { path: '/inbox', title: 'page.inbox', icon: 'inbox', key: 'i', action: 'review', component: lazy(() => import('../inbox/inbox-page.tsx')) },
  { path: '/register', title: 'page.register', icon: 'register', key: 'r', action: 'audit', component: lazy(() => import('../register/register-page.tsx')) },
  { path: '/audit', title: 'page.audit', icon: 'audit', key: 'a', action: 'audit', component: lazy(() => import('../audit/audit-page.tsx')) },
];

/** Pages of the rail for somebody who may do these things. */
export function railPages(allowed: readonly Action[]): readonly Page[] {
  return pages.filter(({ key, action }) => key !== undefined && (!action || allowed.includes(action)));
}

/** Where `/` leads: to the wall, or to the inbox for those who judge and do not watch. */
export function homePath(allowed: readonly Action[]): string {
  return allowed.includes('review') && !allowed.includes('duty') && !allowed.includes('live') ? '/inbox' : '/wall';
}

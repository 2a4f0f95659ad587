// The pages: where they are, what they are called, who is shown the way to them. The gate decides, not this list.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Action } from '@wanglou/core';
import type { MessageKey } from '../i18n/language.ts';
import type { IconName } from '../kit/icon.tsx';
import { WallPage } from '../wall/wall-page.tsx';

/** A page of the console. */
export interface Page {
  /** `:id` stands for any one part. */
  readonly path: string;
  readonly title: MessageKey;
  readonly icon: IconName;
  /** Second key after `g`; absent for pages that are not in the rail. */
  readonly key?: string;
  /** Shown to people who may do one of these; to everybody when absent. */
  readonly actions?: readonly Action[];
  readonly component: ComponentType | LazyExoticComponent<ComponentType>;
}

/** All pages, in the order of the rail; the first that fits an address is shown. */
export const pages: readonly Page[] = [
  { path: '/wall', title: 'page.wall', icon: 'wall', key: 'w', component: WallPage },
  { path: '/alarms', title: 'page.alarms', icon: 'warn', key: 'e', actions: ['duty', 'review'], component: lazy(() => import('../alarms/alarms-page.tsx')) },
  { path: '/playback', title: 'page.playback', icon: 'playback', key: 'p', component: lazy(() => import('../playback/playback-page.tsx')) },
  { path: '/requests', title: 'page.requests', icon: 'request', key: 'q', actions: ['request'], component: lazy(() => import('../requests/requests-page.tsx')) },
  { path: '/requests/new', title: 'page.request-form', icon: 'request', component: lazy(() => import('../requests/request-form-page.tsx')) },
  { path: '/requests/:id', title: 'page.request', icon: 'request', component: lazy(() => import('../requests/request-page.tsx')) },
  { path: '/requests/:id/amend', title: 'page.amend', icon: 'request', component: lazy(() => import('../requests/amend-page.tsx')) },
  { path: '/requests/:id/form', title: 'page.paper-form', icon: 'print', component: lazy(() => import('../papers/form-paper-page.tsx')) },
  { path: '/requests/:id/receipt', title: 'page.paper-receipt', icon: 'print', component: lazy(() => import('../papers/receipt-paper-page.tsx')) },
  { path: '/visits/new', title: 'page.visit', icon: 'visit', component: lazy(() => import('../visits/visit-page.tsx')) },
  { path: '/inbox', title: 'page.inbox', icon: 'inbox', key: 'i', actions: ['review'], component: lazy(() => import('../inbox/inbox-page.tsx')) },
  { path: '/register', title: 'page.register', icon: 'register', key: 'r', actions: ['audit'], component: lazy(() => import('../register/register-page.tsx')) },
  { path: '/audit', title: 'page.audit', icon: 'audit', key: 'a', actions: ['audit'], component: lazy(() => import('../audit/audit-page.tsx')) },
  { path: '/audit/watched', title: 'watched.title', icon: 'eye', actions: ['audit'], component: lazy(() => import('../audit/watched/watched-page.tsx')) },
  { path: '/receipts/:id', title: 'page.paper-entry', icon: 'receipt', component: lazy(() => import('../papers/entry-paper-page.tsx')) },
  { path: '/access', title: 'page.access', icon: 'key', key: 'x', actions: ['audit'], component: lazy(() => import('../access/access-page.tsx')) },
  { path: '/people', title: 'page.people', icon: 'people', key: 'u', actions: ['configure'], component: lazy(() => import('../people/people-page.tsx')) },
  { path: '/policy', title: 'page.policy', icon: 'rules', key: 'l', actions: ['configure', 'review'], component: lazy(() => import('../policy/policy-page.tsx')) },
  { path: '/storage', title: 'page.storage', icon: 'server', key: 'd', actions: ['hold', 'maintain'], component: lazy(() => import('../storage/storage-page.tsx')) },
  { path: '/archive', title: 'page.archive', icon: 'download', key: 'v', actions: ['hold'], component: lazy(() => import('../archive/archive-page.tsx')) },
  { path: '/account', title: 'page.account', icon: 'person', component: lazy(() => import('../account/account-page.tsx')) },
];

/** The page of an address. */
export function findPage(path: string): Page | undefined {
  return pages.find((page) => fits(page.path, path));
}

function fits(pattern: string, path: string): boolean {
  const [wanted, parts] = [pattern.split('/'), path.split('/')];
  return wanted.length === parts.length && wanted.every((part, index) => (part === ':id' ? parts[index] !== '' : part === parts[index]));
}

/** Pages of the rail for somebody who may do these things. */
export function railPages(allowed: readonly Action[]): readonly Page[] {
  return pages.filter(({ key, actions }) => key !== undefined && (!actions || actions.some((action) => allowed.includes(action))));
}

/** Where `/` leads: to the wall, or to the inbox for those who judge and do not watch. */
export function homePath(allowed: readonly Action[]): string {
  return allowed.includes('review') && !allowed.includes('duty') && !allowed.includes('live') ? '/inbox' : '/wall';
}

// A whole plugin: counts the people whom a turnstile lets through, and says so when a hall is full.
import { defineEvent, defineOperation, definePlugin } from '@wanglou/core';
import { z } from 'zod';

export const hallFull = defineEvent<{ hall: string; people: number }>('turnstile.hall-full');
export const countPeople = defineOperation<{ people: number }>()({
  id: 'turnstile.count',
  title: { zh: '登记进出人数', en: 'Count people in and out' },
  action: 'duty',
  articles: ['17'],
  input: z.strictObject({ hall: z.string().max(32), change: z.int().min(-100).max(100) }),
  resource: ({ hall }) => ({ subject: `hall:${hall}` }),
});

export const turnstile = definePlugin({
  id: 'turnstile',
  config: z.strictObject({ capacity: z.int().min(1).default(500) }),
  setup(ctx, { config }) {
    const halls = new Map<string, number>();
    ctx.handle(countPeople, ({ hall, change }) => {
      const people = Math.max(0, (halls.get(hall) ?? 0) + change);
      halls.set(hall, people);
      if (people >= config.capacity) ctx.emit(hallFull, { hall, people });
      return { people };
    });
  },
});

// Writes that wait together share a commit, and urgent ones go first.
import { expect, it } from 'vitest';
import { Batches } from '../src/journal/batches.ts';

function batchesOf(batchLimit: number) {
  const written: (readonly string[])[] = [];
  let gate: { resolve(): void; reject(error: Error): void } | undefined;
  const batches = new Batches<string>({
    batchLimit,
    write: (items) => new Promise<void>((resolve, reject) => {
      written.push(items);
      gate = { resolve, reject };
    }),
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const settle = async (error?: Error): Promise<void> => {
    await turn();
    if (error === undefined) gate!.resolve();
    else gate!.reject(error);
    await turn();
  };
  return { batches, written, settle, turn };
}

it('what comes during a write is in the next one, urgent items before all that wait', async () => {
  const { batches, written, settle, turn } = batchesOf(4);
  const order: string[] = [];
  const add = (item: string, isUrgent = false): void => void batches.add(item, isUrgent).then(() => order.push(item));
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) add(item);
  await turn();
  expect(written).toEqual([['a', 'b', 'c', 'd']]);
  add('fire 1', true);
  add('fire 2', true);
  expect(order).toEqual([]);
  await settle();
  await settle();
  await settle();
  await batches.idle();
  expect(written).toEqual([['a', 'b', 'c', 'd'], ['fire 1', 'fire 2', 'e', 'f'], ['g']]);
  expect(order).toEqual(written.flat());
});

it('a failing write fails its own items and no others', async () => {
  const { batches, written, settle } = batchesOf(2);
  const ends = ['a', 'b', 'c'].map((item) => batches.add(item, false).then(() => 'written', (error: Error) => error.message));
  await settle(new Error('disk full'));
  await settle();
  expect(await Promise.all(ends)).toEqual(['disk full', 'disk full', 'written']);
  expect(written).toEqual([['a', 'b'], ['c']]);
});

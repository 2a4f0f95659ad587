// The memory of recording: reused while it is used, let go when it lies idle.
import { expect, it } from 'vitest';
import { SlabPool, slabsPerLook } from '../src/fmp4/slab-pool.ts';

const takeMany = (pool: SlabPool, count: number): Buffer[] => Array.from({ length: count }, () => pool.take());

/** Fragments of `count` slabs that come and go, until the pool has looked `looks` times. */
function rounds(pool: SlabPool, count: number, looks: number): void {
  for (let given = 0; given < looks * slabsPerLook; given += count) pool.give(takeMany(pool, count));
}

it('gives the same memory again, however much comes back at once', () => {
  const pool = new SlabPool();
  const first = takeMany(pool, 1_000);
  pool.give(first);
  rounds(pool, 1_000, 3);
  expect(new Set(takeMany(pool, 1_000))).toEqual(new Set(first));
});

it('lets go what a burst needed, and keeps what is needed after it', () => {
  const pool = new SlabPool();
  pool.give(takeMany(pool, 10_000));
  expect(pool.freeSlabs).toBe(10_000);
  rounds(pool, 40, 3);
  expect(pool.freeSlabs).toBe(40);
});

it('keeps nothing that is not given back', () => {
  const pool = new SlabPool();
  const taken = takeMany(pool, 3);
  expect(new Set(taken).size).toBe(3);
  expect(pool.freeSlabs).toBe(0);
  pool.give(taken.slice(0, 1));
  expect(pool.freeSlabs).toBe(1);
});

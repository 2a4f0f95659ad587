// The vectors: published frames, units and values with what they mean.
import { readFileSync } from 'node:fs';

/** What a vector says; which members there are is up to its layer. */
export interface Expected {
  readonly valid?: boolean;
  readonly error?: string;
  readonly consumed?: number;
  /** How much the program that the vector is from leaves behind. */
  readonly sourceConsumed?: number;
  readonly framesDecoded?: number;
  readonly framesRejectedAtLeast?: number;
  readonly typeFlags?: readonly number[];
  readonly analogType?: number;
  readonly kind?: 'system' | 'component' | 'device';
  readonly word?: number;
  readonly literalStates?: readonly string[];
}

/** One vector. */
export interface Vector {
  readonly name: string;
  readonly layer: 'frame' | 'stream' | 'appdata' | 'analog' | 'status';
  readonly hex: string;
  readonly expect: Expected;
}

export const vectors = JSON.parse(readFileSync(new URL('../vectors/gb26875.json', import.meta.url), 'utf8')) as readonly Vector[];

/** Name and vector of a layer, as `it.each` takes them. */
export function vectorsOf(layer: Vector['layer']): readonly (readonly [string, Vector])[] {
  return vectors.filter((vector) => vector.layer === layer).map((vector) => [vector.name, vector]);
}

/** A view that does not begin at the start of its buffer, as slices of what a socket gives do not. */
export function bytesOf(hex: string): Uint8Array {
  const bytes = Buffer.from(hex, 'hex');
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 5);
  return larger.subarray(5, 5 + bytes.length);
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

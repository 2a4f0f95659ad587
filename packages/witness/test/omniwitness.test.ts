// The vectors of the omniwitness: its keys, its checkpoints, its proof.
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNote, toBase64, toHex } from '@wanglou/verify';
import { keyToVkey } from '../src/index.ts';
import { createFolder, startWitness } from './harness.ts';

const file = resolve(import.meta.dirname, '../../../../shared/vectors/omniwitness.json');

interface Vector {
  readonly keys: { readonly logVkey: string; readonly witnessVkeyEd25519: string; readonly witnessSkey: string };
  readonly checkpointSize5: string;
  readonly checkpointSize8: string;
  readonly consistency5to8Hex: readonly string[];
}

describe.skipIf(!existsSync(file))('omniwitness.json (left out without the folder shared/vectors beside the repository)', () => {
  it('is cosigned at 5 and then at 8 with the given proof, and with nothing else', async () => {
    const { keys, checkpointSize5, checkpointSize8, consistency5to8Hex } = JSON.parse(readFileSync(file, 'utf8')) as Vector;
    await using folder = await createFolder();
    const seed = Buffer.from(keys.witnessSkey.split('+').slice(4).join('+'), 'base64').subarray(1);
    const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
    // The vector's verifier key is of type 1; a cosignature is of type 4, over the same key.
    expect(keyToVkey(key, 'witness', 1).vkey).toBe(keys.witnessVkeyEd25519);
    await writeFile(join(folder.path, 'witness-key.pem'), key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    await using served = await startWitness(folder.path, [{ vkey: keys.logVkey } as never], { name: 'witness' });
    expect(toHex(served.witness.key.publicKey)).toBe(toHex(keyToVkey(key, 'witness', 1).publicKey));

    const proof = consistency5to8Hex.map((hash) => `${Buffer.from(hash, 'hex').toString('base64')}\n`);
    expect(await served.add(`old 5\n${proof.join('')}\n${checkpointSize8}`)).toMatchObject({ status: 409, text: '0\n' });
    expect((await served.add(`old 0\n\n${checkpointSize5}`)).status).toBe(200);
    const wrong = proof.with(1, `${toBase64(new Uint8Array(32))}\n`);
    expect((await served.add(`old 5\n${wrong.join('')}\n${checkpointSize8}`)).status).toBe(422);
    expect(await served.add(`old 4\n${proof.join('')}\n${checkpointSize8}`)).toMatchObject({ status: 409, text: '5\n' });
    expect((await served.add(`old 5\n${proof.join('')}\n${checkpointSize8.replaceAll('monkeys', 'bananas')}`)).status).toBe(404);
    const { status, text } = await served.add(`old 5\n${proof.join('')}\n${checkpointSize8}`);
    expect(status).toBe(200);
    expect(openNote(checkpointSize8 + text, [served.witness.key]).verified).toHaveLength(1);
  });
});

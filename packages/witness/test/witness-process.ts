// A witness in a process of its own, to be killed. Arguments: folder, verifier key of a log. Prints its address.
import { createWitness, serveWitness } from '../src/index.ts';

const [folder, vkey] = process.argv.slice(2);
const witness = await createWitness({ folder: folder!, name: 'office.example/w1', logs: [vkey!] });
const { url } = await serveWitness(witness, { port: 0 });
process.stdout.write(`${url}\n`);

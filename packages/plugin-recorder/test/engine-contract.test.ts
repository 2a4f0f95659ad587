// The contract of engines, for each engine that there is.
import { nativeEngine } from '../src/ingest/native/native-engine.ts';
import { engineContract } from './engine-contract.ts';

engineContract('native', () => nativeEngine({ tickMs: 10 }));

// The contract of engines, for the one on ffmpeg. Needs ffmpeg, which CI installs.
import { ffmpegEngine } from '../src/ingest/ffmpeg/ffmpeg-engine.ts';
import { engineContract } from './engine-contract.ts';

// It reads the first picture before it has a time, and gives it one between the pictures that have.
engineContract('ffmpeg', () => ffmpegEngine(), { untimedPictures: 2 });

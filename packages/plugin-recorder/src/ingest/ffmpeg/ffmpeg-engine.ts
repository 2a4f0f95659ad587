// The ingest engine on ffmpeg, for what the native one does not speak: one supervised process for each camera.
import { installHint } from '../../ffmpeg/install-hint.ts';
import { isFfmpeg, openFfmpeg, type FfmpegAbsence, type FfmpegProgram } from '../../ffmpeg/ffmpeg-program.ts';
import type { TrackInfo } from '../../fmp4/track-info.ts';
import type { FragmentSink, IngestEngine, IngestOptions, IngestSource } from '../ingest-engine.ts';
import { IngestError } from '../ingest-error.ts';
import { ReconnectingSession } from '../reconnecting-session.ts';
import { copyPlan } from './encode-plan.ts';
import { FfmpegConnection } from './ffmpeg-connection.ts';

/** Settings of {@link ffmpegEngine}. */
export interface FfmpegEngineOptions {
  /** Folder that `file:` addresses may name. Without one there are none. */
  readonly filesFolder?: string | undefined;
  /** Finds the program; asked again after a failure, so that one that was installed meanwhile is used. */
  readonly find?: () => Promise<FfmpegProgram | FfmpegAbsence>;
}

/** Creates the engine. */
export function ffmpegEngine({ filesFolder, find = openFfmpeg }: FfmpegEngineOptions = {}): IngestEngine {
  const program = rememberProgram(find);
  const connection = (source: IngestSource, sink: FragmentSink, ingest: IngestOptions, memory = { plan: copyPlan }): FfmpegConnection =>
    new FfmpegConnection({ source, sink, ingest, program, filesFolder, memory });
  return {
    id: 'ffmpeg',
    probe: (source, options) => probe((sink) => connection(source, sink, options)),
    open: (source, sink, options) => {
      const memory = { plan: copyPlan };
      return new ReconnectingSession({ sink, ingest: options, connect: () => connection(source, sink, options, memory) });
    },
  };
}

/** One search for all cameras; a failed one is not kept. */
function rememberProgram(find: () => Promise<FfmpegProgram | FfmpegAbsence>): () => Promise<FfmpegProgram> {
  let found: Promise<FfmpegProgram> | undefined;
  const search = async (): Promise<FfmpegProgram> => {
    const program = await find();
    if (isFfmpeg(program)) return program;
    throw new IngestError('FFMPEG_MISSING', program.message, { advice: await installHint() });
  };
  return () => {
    found ??= search().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

/** Receives until the tracks are known. */
async function probe(open: (sink: FragmentSink) => FfmpegConnection): Promise<readonly TrackInfo[]> {
  let known: (tracks: readonly TrackInfo[]) => void = () => {};
  const tracks = new Promise<readonly TrackInfo[]>((resolve) => {
    known = resolve;
  });
  const connection = open({ run: (start) => known(start.tracks), fragment: async () => {}, interrupted: () => {}, missing: () => {}, status: () => {} });
  const received = connection.receive(() => {});
  try {
    return await Promise.race([tracks, received]);
  } finally {
    await connection.stop();
    await received.catch(() => {}); // It ended because it was stopped, or its failure is told already.
  }
}

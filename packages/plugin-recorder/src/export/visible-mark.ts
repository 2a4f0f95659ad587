// Writes recipient and case into the picture of a film: the one mark that survives a camera pointed at a screen. Costs the picture its first encoding.
import { writeFile } from 'node:fs/promises';
import { FfmpegProcess } from '../ffmpeg/ffmpeg-process.ts';
import { ffmpegCommand, type FfmpegProgram } from '../ffmpeg/ffmpeg-program.ts';

/** What to write, and where. */
export interface VisibleMark {
  /** Lines of the mark; taken literally, whatever is in them. */
  readonly lines: readonly string[];
  /** A file of our own for the text: ffmpeg's filters read escapes in arguments, and a recipient's name is not to be trusted. */
  readonly textFile: string;
  readonly ffmpeg: FfmpegProgram;
}

/** Longest line that fits into the picture at its font size. */
const lineLimit = 60;

/** Makes `output`, a fragmented MP4 in H.264 and AAC, out of `input`. Rejects with the last words of ffmpeg, or with the signal's reason. */
export async function writeVisibleMark(input: string, output: string, { lines, textFile, ffmpeg }: VisibleMark, signal: AbortSignal): Promise<void> {
  await writeFile(textFile, lines.map((line) => line.replace(/\p{Cc}/gu, ' ').slice(0, lineLimit)).join('\n'));
  signal.throwIfAborted();
  const text = { textfile: textFile, expansion: 'none', font: 'Noto Sans CJK SC', fontcolor: 'white@0.55', fontsize: 'h/36', box: 1, boxcolor: 'black@0.25', boxborderw: 6 };
  const command = ffmpegCommand(ffmpeg, input, ['-loglevel', 'error'])
    // Two places, so that cutting one edge off does not remove both.
    .videoFilters([{ filter: 'drawtext', options: { ...text, x: '20', y: '20' } }, { filter: 'drawtext', options: { ...text, x: 'w-tw-20', y: 'h-th-20' } }])
    .outputOptions(['-map 0:v:0', '-map 0:a:0?', '-c:v libx264', '-preset veryfast', '-crf 21', '-pix_fmt yuv420p', '-g 50', '-c:a aac', '-b:a 96k', '-movflags frag_keyframe+empty_moov+default_base_moof', '-f mp4'])
    .output(output);
  const said: string[] = [];
  const encoding = new FfmpegProcess({ command, line: (line) => void said.push(line) });
  const stop = (): void => encoding.stop();
  signal.addEventListener('abort', stop, { once: true });
  const complaint = await encoding.ended.finally(() => signal.removeEventListener('abort', stop));
  signal.throwIfAborted();
  if (complaint !== undefined) throw new Error(`ffmpeg: ${said.join('\n').trim().slice(-300) || complaint}`);
}

// A process for tests that kill it: runs ffmpeg, or what stands for it, and tells its process id once it has written something.
import { ffmpegCommand, isFfmpeg, openFfmpeg } from '../../src/ffmpeg/ffmpeg-program.ts';
import { FfmpegProcess } from '../../src/ffmpeg/ffmpeg-process.ts';

const [launched = '', file] = process.argv.slice(2);
const program = await openFfmpeg();
if (!isFfmpeg(program)) throw new Error(program.message);
const used = { ...program, ...(file !== undefined && { file }), ...(launched !== 'launched' && { launcher: [] }) };
const command = ffmpegCommand(used, 'testsrc=size=64x36:rate=25', ['-re', '-f', 'lavfi']).outputOptions('-c:v', 'mjpeg', '-f', 'mjpeg', '-flush_packets', '1');
const running = new FfmpegProcess({ command, take: () => process.send?.(running.processId) });

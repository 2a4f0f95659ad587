// Where ffmpeg is. It is not bundled: most of its builds are GPL, and distributions keep it patched.
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The file of ffmpeg: that of FFMPEG_PATH, else the first on the PATH; `undefined` where there is none. */
export async function findFfmpeg(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = environment['FFMPEG_PATH'];
  const names = process.platform === 'win32' ? ['ffmpeg.exe'] : ['ffmpeg'];
  const candidates = named ? [named] : (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '').flatMap((folder) => names.map((name) => join(folder, name)));
  for (const file of candidates) if (await access(file, constants.X_OK).then(() => true, () => false)) return file;
  return undefined;
}

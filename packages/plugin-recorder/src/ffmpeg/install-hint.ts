// How to install ffmpeg on this system, for the status of a camera that needs it.
import { readFile } from 'node:fs/promises';

/** What tells systems apart. */
export interface SystemDescription {
  readonly platform: NodeJS.Platform;
  /** Content of /etc/os-release; empty where there is none. */
  readonly osRelease: string;
}

/** By family, in the words of os-release(5). */
const linuxCommands: readonly (readonly [RegExp, string])[] = [
  [/\b(debian|ubuntu|kylin|uos|deepin)\b/i, 'sudo apt-get install ffmpeg'],
  [/\b(fedora|rhel|centos|openeuler|anolis)\b/i, 'sudo dnf install ffmpeg-free'],
  [/\b(suse|opensuse)\b/i, 'sudo zypper install ffmpeg'],
  [/\barch\b/i, 'sudo pacman -S ffmpeg'],
  [/\balpine\b/i, 'sudo apk add ffmpeg'],
];

/** The command that installs ffmpeg; `undefined` for systems that are not known. */
export function installCommand({ platform, osRelease }: SystemDescription): string | undefined {
  if (platform === 'darwin') return 'brew install ffmpeg';
  if (platform === 'win32') return 'winget install Gyan.FFmpeg';
  const family = [...osRelease.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map(([, value]) => value).join(' ');
  return linuxCommands.find(([pattern]) => pattern.test(family))?.[1];
}

/** The command for the system that this runs on. */
export async function installHint(): Promise<string | undefined> {
  const osRelease = process.platform === 'linux' ? await readFile('/etc/os-release', 'utf8').catch(() => '') : '';
  return installCommand({ platform: process.platform, osRelease });
}

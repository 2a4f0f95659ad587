// Programs that some tests need beside Node. Tests whose peer is missing are left out, visibly.
import { access } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './lib.ts';

/** A program, and how Debian installs it. */
export interface Peer {
  readonly name: string;
  readonly install: string;
  /** Any of these files, or programs on the PATH. */
  readonly anyOf: readonly string[];
}

/** PostgreSQL's server: Debian puts none of its programs on the PATH, and one folder for each version beside the others. */
export const postgresServer: readonly string[] = [...Array.from({ length: 10 }, (_, index) => `/usr/lib/postgresql/${24 - index}/bin/postgres`), 'postgres'];

export const peers: readonly Peer[] = [
  { name: 'ffmpeg', install: 'apt-get install ffmpeg', anyOf: ['ffmpeg'] },
  { name: 'Chromium', install: 'apt-get install chromium', anyOf: ['chromium', 'chromium-browser', 'google-chrome'] },
  { name: 'GStreamer RTSP server', install: 'apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav', anyOf: ['/usr/lib/x86_64-linux-gnu/girepository-1.0/GstRtspServer-1.0.typelib', '/usr/lib/aarch64-linux-gnu/girepository-1.0/GstRtspServer-1.0.typelib'] },
  { name: 'PostgreSQL', install: 'apt-get install postgresql', anyOf: postgresServer },
  { name: 'OpenSSL', install: 'apt-get install openssl', anyOf: ['openssl'] },
  { name: 'the public test vectors', install: 'put the folder shared/vectors beside this project', anyOf: [join(root, '..', 'shared', 'vectors', 'README.md')] },
];

/** The file of a program on the PATH, or of an absolute path; `undefined` when it is not there. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => (name.startsWith('/') ? [name] : folders.map((folder) => join(folder, name)))).find((file) => existsSync(file));
}

/** The peers that are not there. */
export async function missingPeers(): Promise<readonly Peer[]> {
  const found = await Promise.all(
    peers.map(async (peer) => {
      const file = findProgram(peer.anyOf);
      return file !== undefined && (await access(file).then(() => true, () => false));
    }),
  );
  return peers.filter((_, index) => !found[index]);
}

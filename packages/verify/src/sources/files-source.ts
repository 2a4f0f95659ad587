// Files that a person picked in a browser, as an evidence package.
import type { EvidenceSource } from '../evidence/evidence-source.ts';

/** What is used of a browser's `File`. */
export interface NamedFile {
  readonly name: string;
  /** `<folder>/<path>` where a folder was picked. */
  readonly webkitRelativePath?: string;
  stream(): ReadableStream<Uint8Array>;
}

/** Takes the files of a picked folder, or single files, which then have no folder. */
export function createFilesSource(files: readonly NamedFile[]): EvidenceSource {
  const nameOf = ({ name, webkitRelativePath: path }: NamedFile) => (path ? path.slice(path.indexOf('/') + 1) : name);
  // Of several files of one name the first counts.
  const byName = new Map([...files].reverse().map((file) => [nameOf(file), file]));
  // Single files came without their folders.
  const find = (name: string) => byName.get(name) ?? files.find((file) => !file.webkitRelativePath && file.name === name.slice(name.lastIndexOf('/') + 1));
  const used = new Map<NamedFile, string>();
  return {
    list: async () => files.map((file) => used.get(file) ?? nameOf(file)),
    async open(name) {
      const file = find(name);
      if (!file) return undefined;
      used.set(file, name);
      return chunksOf(file.stream());
    },
  };
}

/** The chunks of a stream, also where a browser cannot iterate over it. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    await reader.cancel();
  }
}

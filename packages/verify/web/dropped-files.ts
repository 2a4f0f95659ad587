// Files of a drop, those in folders too, with their paths.
import type { NamedFile } from '../src/sources/files-source.ts';

/** Walks into dropped folders. Must be called while the event is handled. */
export function droppedFiles(data: DataTransfer): Promise<readonly NamedFile[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return entries.length > 0 ? Promise.all(entries.map((entry) => filesOf(entry, ''))).then((lists) => lists.flat()) : Promise.resolve([...data.files]);
}

async function filesOf(entry: FileSystemEntry, folder: string): Promise<readonly NamedFile[]> {
  const path = `${folder}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name: file.name, ...(folder ? { webkitRelativePath: path } : {}), stream: () => file.stream() }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  // A folder is told in parts; an empty part is the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    found.push(...part);
  }
  return (await Promise.all(found.map((inner) => filesOf(inner, `${path}/`)))).flat();
}

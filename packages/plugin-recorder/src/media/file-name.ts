// Names of files that people get.

/** Camera and moment, in letters that every file system takes. */
export function fileNameOf(camera: string, atMs: number): string {
  return `${camera.replace(/[^\w-]/g, '_')}-${new Date(atMs).toISOString().replace(/[:.]/g, '')}`;
}

// Hands a text to the browser as a file.

/** Name of a file of the register: what it is, and the day it was taken out. */
export function registerFileName(title: string, date: string): string {
  return `${title.replaceAll(/[\\/:*?"<>|\s]+/g, '-')}-${date}.csv`;
}

/** Saves a text under a name. */
export function downloadText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

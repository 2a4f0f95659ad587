// Dates and times as people type them: with or without separators.

/** `yyyy-mm-dd` of what was typed: `2026-11-23`, `2026/1/3`, `20261123`. */
export function parseTypedDate(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(?:[-/.年])?(\d{1,2})(?:[-/.月])?(\d{1,2})日?$/.exec(text.trim()) ?? [];
  if (!year || !month || !day) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  // The 31st of a month that has 30 days would roll over into the next.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) ? date : undefined;
}

/** `hh:mm:ss` of what was typed: `14:05:12`, `14:05`, `140512`, `1405`, `14`. */
export function parseTypedTime(text: string): string | undefined {
  const [, hours, minutes = '0', seconds = '0'] = /^(\d{1,2})(?:[:：.]?(\d{1,2})(?:[:：.]?(\d{1,2}))?)?$/.exec(text.trim()) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return [hours, minutes, seconds].map((part) => part.padStart(2, '0')).join(':');
}

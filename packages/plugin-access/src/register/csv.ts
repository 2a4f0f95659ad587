// Comma-separated values: RFC 4180, with the byte order mark that spreadsheet programs need to see UTF-8.

/** What a file begins with. */
export const byteOrderMark = '\uFEFF';

/** Rows. Fields that a spreadsheet would take for a formula are disarmed (OWASP: CSV injection), also in full width. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: string): string {
  const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

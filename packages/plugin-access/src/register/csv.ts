// The register as CSV: RFC 4180, with the byte order mark that spreadsheet programs need to see UTF-8.

/** Header and rows. Fields that a spreadsheet would take for a formula are disarmed (OWASP: CSV injection). */
export function toCsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')}`;
}

function field(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

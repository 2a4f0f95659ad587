// `?` of the contract as `$1`, `$2` … of PostgreSQL.

/** Texts in quotes, names in double quotes and comments stay as they are. */
const pieces = /'[^']*'|"[^"]*"|--[^\n]*|\/\*[^]*?\*\/|\?/g;

/**
 * Numbers the placeholders of a statement.
 *
 * @example
 * numberPlaceholders("SELECT '?' WHERE a = ? AND b = ?") // "SELECT '?' WHERE a = $1 AND b = $2"
 */
export function numberPlaceholders(sql: string): string {
  let count = 0;
  return sql.replaceAll(pieces, (piece) => (piece === '?' ? `$${++count}` : piece));
}

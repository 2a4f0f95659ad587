// The order of units. Article 8.

interface OrderedUnit {
  readonly id: string;
  readonly above?: string;
}

/**
 * Whether a unit stands above another, or is the same. A unit that the rules in force do not know any more has everybody above it:
 * what it approved can still be revoked.
 */
export function isAtOrAbove(units: readonly OrderedUnit[], unit: string, other: string): boolean {
  const line = lineOf(units, other);
  return line.length === 0 || line.includes(unit);
}

/** A unit and all above it. */
function lineOf(units: readonly OrderedUnit[], id: string): readonly string[] {
  const line: string[] = [];
  for (let unit = units.find((one) => one.id === id); unit && !line.includes(unit.id); unit = units.find((one) => one.id === unit!.above)) line.push(unit.id);
  return line;
}

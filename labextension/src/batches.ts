/** Many cells as few requests, none of them too large. */

/** At most this many cells and characters are scanned in one request: few, since between two of
 * them the page finds other work. */
const CELLS = 500;
const CHARACTERS = 2_000_000;
/** A cell with more than this stands alone: should it take too long, it holds up no other. */
const HEAVY = 250_000;

/** Something to send and about how many characters it takes. */
export interface IWeighed {
  readonly weight: number;
}

/** Split items into batches, in their order; a heavy one stands alone. */
export function batches<T extends IWeighed>(items: readonly T[]): T[][] {
  const made: T[][] = [];
  let room = 0;
  for (const item of items) {
    const last = made[made.length - 1] as T[] | undefined;
    const alone = item.weight > HEAVY;
    if (!last || alone || last.length >= CELLS || item.weight > room) {
      made.push([item]);
      room = alone ? 0 : CHARACTERS - item.weight;
    } else {
      last.push(item);
      room -= item.weight;
    }
  }
  return made;
}

/** About how many characters a JSON value takes. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') {
    return value.length + 2;
  }
  if (value === null || typeof value !== 'object') {
    return 8;
  }
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + name.length + 4 + weigh(member),
    2
  );
}

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { batches, weigh } from '../batches';

const weights = (...values: number[]) => values.map(weight => ({ weight }));
const sizes = (made: unknown[][]) => made.map(batch => batch.length);

describe('batches', () => {
  it('of nothing are none', () => {
    expect(batches([])).toEqual([]);
  });

  it('hold 500 cells at most', () => {
    expect(sizes(batches(weights(...Array<number>(1010).fill(1))))).toEqual([500, 500, 10]);
  });

  it('hold two million characters at most', () => {
    const nine = Array<number>(9).fill(240_000);
    expect(sizes(batches(weights(...nine)))).toEqual([8, 1]);
    expect(sizes(batches(weights(...nine.slice(1), 80_000, 1)))).toEqual([9, 1]);
  });

  it('let a heavy cell stand alone, and keep the order', () => {
    const items = weights(10, 5_000_000, 20, 30);
    const made = batches(items);
    expect(sizes(made)).toEqual([1, 1, 2]);
    expect(made.flat()).toEqual(items);
  });
});

describe('weigh', () => {
  it('weighs about what JSON takes', () => {
    expect(weigh('abc')).toBe(5);
    expect(weigh(null)).toBe(8);
    expect(weigh({ ab: 'c' })).toBe(2 + 2 + 4 + 3);
    expect(weigh(['x'.repeat(1000)])).toBeGreaterThanOrEqual(1002);
  });

  it('never weighs text as less than it is', () => {
    const cell = { source: ['a = 1\n', 'b'], outputs: [{ text: 'x'.repeat(99) }], count: 7 };
    expect(weigh(cell)).toBeGreaterThanOrEqual(JSON.stringify(cell).length);
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  advance,
  change,
  disjoint,
  edited,
  editedList,
  moved,
  ordered,
  spanOf,
  steps,
  visible
} from '../places';
import { edit } from './fixtures';

function place(line: number, column: number, endLine: number, endColumn: number) {
  return { type: 'cell' as const, line, column, end_line: endLine, end_column: endColumn };
}

describe('spanOf', () => {
  it('finds a span on a line', () => {
    expect(spanOf('one\ntwo three\n', place(1, 4, 1, 9))).toEqual({ from: 8, to: 13 });
  });

  it('counts characters outside the basic plane as one before the span', () => {
    const text = "a = '🙂🙂 key'\nb";
    const { from, to } = spanOf(text, place(0, 8, 0, 11));
    expect([from, to, text.slice(from, to)]).toEqual([10, 13, 'key']);
  });

  it('counts such characters within the span and on lines before it', () => {
    const text = '🙂\n𝒳𝒳 z';
    const { from, to } = spanOf(text, place(1, 0, 1, 2));
    expect([from, to, text.slice(from, to)]).toEqual([3, 7, '𝒳𝒳']);
  });

  it('counts the parts of a joined emoji one by one', () => {
    const family = '👩‍👧'; // two characters and a joiner
    expect(spanOf(`${family}=x`, place(0, 4, 0, 5))).toEqual({ from: 6, to: 7 });
  });

  it('counts a lone surrogate as one', () => {
    expect(spanOf('\ud83dab', place(0, 1, 0, 2))).toEqual({ from: 1, to: 2 });
  });

  it('takes a carriage return for a character of its line', () => {
    const text = 'ab\r\ncd\r\n';
    expect(spanOf(text, place(1, 0, 1, 2))).toEqual({ from: 4, to: 6 });
    expect(spanOf(text, place(0, 0, 0, 3))).toEqual({ from: 0, to: 3 });
  });

  it('spans several lines', () => {
    expect(spanOf('ab\ncd\nef', place(0, 1, 2, 1))).toEqual({ from: 1, to: 7 });
  });

  it('stays inside a text that has become shorter', () => {
    expect(spanOf('ab', place(5, 3, 6, 2))).toEqual({ from: 2, to: 2 });
    expect(spanOf('ab', place(0, 1, 0, 99))).toEqual({ from: 1, to: 2 });
    expect(spanOf('🙂', place(0, 0, 0, 99))).toEqual({ from: 0, to: 2 });
    expect(spanOf('', place(0, 0, 0, 0))).toEqual({ from: 0, to: 0 });
  });

  it('never ends before it begins', () => {
    expect(spanOf('abcdef', place(0, 4, 0, 2))).toEqual({ from: 4, to: 4 });
  });
});

describe('advance', () => {
  it('does not part a surrogate pair at its end', () => {
    expect(advance('ab🙂', 0, 3)).toBe(4);
    expect(advance('ab🙂', 0, 2)).toBe(2);
  });
});

describe('edited', () => {
  it('counts characters, not UTF-16 units', () => {
    expect(edited("🙂🙂 = 'key'", [edit(6, 9, '***')])).toBe("🙂🙂 = '***'");
  });

  it('applies edits in any order they come in', () => {
    expect(edited('abcdef', [edit(4, 5, 'Y'), edit(0, 1, 'XX')])).toBe('XXbcdYf');
  });

  it('leaves out the later of two that overlap', () => {
    expect(edited('abcdef', [edit(2, 5, '2'), edit(0, 3, '1')])).toBe('1def');
  });

  it('keeps edits that touch', () => {
    expect(edited('abcd', [edit(0, 2, '1'), edit(2, 4, '2')])).toBe('12');
  });

  it('makes an insertion once that two findings ask for', () => {
    const imports = edit(0, 0, 'import os\n');
    expect(edited('x', [imports, { ...imports }])).toBe('import os\nx');
  });

  it('makes an insertion once also when another stands between the two', () => {
    expect(edited('x', [edit(0, 0, 'a\n'), edit(0, 0, 'b\n'), edit(0, 0, 'a\n')])).toBe('a\nb\nx');
  });

  it('keeps the order of different insertions at one place', () => {
    expect(edited('xy', [edit(1, 1, 'A'), edit(1, 1, 'B')])).toBe('xABy');
  });

  it('inserts before what is replaced at the same place', () => {
    expect(edited('xyz', [edit(1, 2, '-'), edit(1, 1, 'A')])).toBe('xA-z');
  });

  it('clips edits that reach beyond the text', () => {
    expect(edited('abc', [edit(1, 99, 'Z'), edit(200, 300, '!')])).toBe('aZ!');
  });

  it('keeps carriage returns where they are', () => {
    expect(edited('a\r\nb\r\n', [edit(3, 4, 'B')])).toBe('a\r\nB\r\n');
  });

  it('without edits returns the text', () => {
    expect(edited('abc', [])).toBe('abc');
  });
});

describe('ordered', () => {
  it('yields UTF-16 offsets, last one first', () => {
    expect(ordered('🙂ab', [edit(0, 1, 'x'), edit(1, 2, 'y')])).toEqual([
      { from: 2, to: 3, insert: 'y' },
      { from: 0, to: 2, insert: 'x' }
    ]);
  });
});

describe('disjoint', () => {
  it('leaves its argument as it is', () => {
    const edits = [edit(3, 4, 'b'), edit(0, 1, 'a')];
    expect(disjoint(edits)).toEqual([edit(0, 1, 'a'), edit(3, 4, 'b')]);
    expect(edits[0].start).toBe(3);
  });
});

describe('editedList', () => {
  it('edits the string in which the span is', () => {
    expect(editedList(['ab\n', 'cd\n'], [edit(3, 5, 'XY')], 0)).toEqual(['ab\n', 'XY\n']);
  });

  it('counts the joiner between strings', () => {
    expect(editedList(['ab', 'cd', 'ef'], [edit(3, 5, '**')], 1)).toEqual(['ab', '**', 'ef']);
    expect(editedList(['ab', 'cd', 'ef'], [edit(6, 8, '**')], 1)).toEqual(['ab', 'cd', '**']);
  });

  it('puts the replacement of a span over several strings into the first', () => {
    expect(editedList(['abc', 'def', 'ghi'], [edit(1, 9, '*')], 1)).toEqual(['a*', '', 'hi']);
    expect(editedList(['abc', 'def', 'ghi'], [edit(1, 7, '*')], 0)).toEqual(['a*', '', 'hi']);
  });

  it('counts characters in each string', () => {
    expect(editedList(['🙂🙂', 'key'], [edit(3, 6, '***')], 1)).toEqual(['🙂🙂', '***']);
  });

  it('does not lose the replacement of a span that begins in the joiner', () => {
    expect(editedList(['ab', 'cd'], [edit(2, 5, '*')], 1)).toEqual(['ab', '*']);
  });

  it('inserts once, at begin, between and at end', () => {
    expect(editedList(['ab', 'cd'], [edit(0, 0, '+')], 0)).toEqual(['+ab', 'cd']);
    expect(editedList(['ab', 'cd'], [edit(2, 2, '+')], 0)).toEqual(['ab', '+cd']);
    expect(editedList(['ab', 'cd'], [edit(4, 4, '+')], 0)).toEqual(['ab', 'cd+']);
    expect(editedList(['ab', 'cd'], [edit(2, 2, '+')], 1)).toEqual(['ab+', 'cd']);
    expect(editedList(['ab', 'cd'], [edit(3, 3, '+')], 1)).toEqual(['ab', '+cd']);
    expect(editedList(['', ''], [edit(0, 0, '+')], 0)).toEqual(['', '+']);
  });

  it('leaves an empty list empty', () => {
    expect(editedList([], [edit(0, 3, '*')], 1)).toEqual([]);
  });
});

describe('steps', () => {
  it('reads an RFC 6901 pointer', () => {
    expect(steps('/cells/0/outputs/1/data/text~1plain')).toEqual([
      'cells',
      '0',
      'outputs',
      '1',
      'data',
      'text/plain'
    ]);
    expect(steps('/a~01')).toEqual(['a~1']);
    expect(steps('')).toEqual([]);
  });
});

describe('visible', () => {
  it('spells out what hides or reorders text', () => {
    expect(visible('a\u202eb\u200bc\ufeff')).toBe('a<U+202E>b<U+200B>c<U+FEFF>');
    expect(visible('\u0000\u001b[0m\r')).toBe('<U+0000><U+001B>[0m<U+000D>');
  });

  it('spells out tags, which can carry a whole hidden text', () => {
    expect(visible('ok\u{e0041}\u{e0042}')).toBe('ok<U+E0041><U+E0042>');
  });

  it('leaves lines, tabs, letters and emoji as they are', () => {
    expect(visible('a\tb\nç 🙂 中')).toBe('a\tb\nç 🙂 中');
  });
});

describe('moved', () => {
  /** Where `[` and `]` stand in the second text when they mark a place of the first. */
  function follow(marked: string, after: string): string | null {
    const before = marked.replace(/[[\]]/g, '');
    const [from, to] = [marked.indexOf('['), marked.indexOf(']') - 1];
    const at = (offset: number) => {
      const lines = before.slice(0, offset).split('\n');
      return [lines.length - 1, Array.from(lines[lines.length - 1]).length];
    };
    const [line, column, endLine, endColumn] = [...at(from), ...at(to)];
    const now = moved(
      place(line, column, endLine, endColumn),
      before,
      after,
      change(before, after)
    );
    if (!now) {
      return null;
    }
    const span = spanOf(after, now);
    return `${after.slice(0, span.from)}[${after.slice(span.from, span.to)}]${after.slice(span.to)}`;
  }

  it.each([
    ['a [eval(x)] b', 'a eval(x) b', 'a [eval(x)] b'],
    ['[eval(x)]', '# no\neval(x)', '# no\n[eval(x)]'],
    ['[eval(x)]', 'eval(x)  # no', '[eval(x)]  # no'],
    ['a\n[eval(x)]\nb', 'eval(x)\nb', '[eval(x)]\nb'],
    ['[eval(x)]', 'eval(xyz)', '[eval(xyz)]'],
    ['[eval(\nx)]', 'eval(\n\n\nx)', '[eval(\n\n\nx)]'],
    ['[eval(x)]', 'yeval(x)', 'y[eval(x)]'],
    ['a[eval(x)]', 'al(x)', 'a[l(x)]'],
    ['a[eval(x)]b', 'aevab', 'a[eva]b'],
    ['🙂[eval(x)]', '🙂🙂eval(x)', '🙂🙂[eval(x)]'],
    ["a = '🙂'\n🙂 = [eval(x)]", "a = ''\n🙂 = eval(x)", "a = ''\n🙂 = [eval(x)]"],
    ['a [eval(x)] b', 'a c b', 'a [c] b'],
    ['a\n[]b', 'ac\nb', 'ac\n[]b']
  ])('%j becomes %j: %j', (marked, after, found) => {
    expect(follow(marked, after)).toBe(found);
  });

  it.each([
    ['a\n[eval(x)]\nb', 'a\nb'],
    ['[eval(x)]', '']
  ])('%j is gone from %j', (marked, after) => {
    expect(follow(marked, after)).toBeNull();
  });

  it('keeps all else that a place says', () => {
    const before = { ...place(0, 0, 0, 1), cell_id: 'a', pointer: '/cells/0/source' };
    const after = moved(before, 'x', '\nx', change('x', '\nx'));
    expect(after).toEqual({ ...before, line: 1, end_line: 1 });
  });
});

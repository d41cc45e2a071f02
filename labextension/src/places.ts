/**
 * Places: from the scanner's lines, columns and offsets, which count Unicode characters, to the
 * UTF-16 offsets of JavaScript strings and of the editor.
 */

import type { Edit, Finding } from './wire';

/** A range of a string, in UTF-16 units. */
export interface ISpan {
  readonly from: number;
  readonly to: number;
}

const SURROGATE = /[\ud800-\udbff][\udc00-\udfff]/;

/** The UTF-16 offset of character number `count` after `start`. */
export function advance(text: string, start: number, count: number): number {
  const plain = text.slice(start, start + count);
  if (!SURROGATE.test(text.slice(start, start + count + 1))) {
    return start + plain.length;
  }
  let offset = start;
  for (let left = count; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** Start of each line; lines end with a line feed. */
function lineStart(text: string, line: number): number {
  let start = 0;
  for (let left = line; left > 0; left--) {
    const next = text.indexOf('\n', start);
    if (next < 0) {
      return text.length;
    }
    start = next + 1;
  }
  return start;
}

/** Where a finding is in the text of its part. */
export function spanOf(text: string, place: Finding['location']): ISpan {
  const from = advance(text, lineStart(text, place.line), place.column);
  const to = advance(text, lineStart(text, place.end_line), place.end_column);
  return { from, to: Math.max(from, to) };
}

/** The span in an editor, which holds every line end as one character. */
export function shownSpan(text: string, { from, to }: ISpan): ISpan {
  const shown = (offset: number) => text.slice(0, offset).replace(/\r\n?/g, '\n').length;
  return text.includes('\r') ? { from: shown(from), to: shown(to) } : { from, to };
}

/** What has changed between two texts: `before` became `after`, all around it is as it was. */
export interface IChange {
  readonly before: ISpan;
  readonly after: ISpan;
}

/** The one span in which two texts differ, as short as it can be. */
export function change(before: string, after: string): IChange {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) {
    from++;
  }
  let kept = 0;
  while (
    kept < shorter - from &&
    before[before.length - 1 - kept] === after[after.length - 1 - kept]
  ) {
    kept++;
  }
  return {
    before: { from, to: before.length - kept },
    after: { from, to: after.length - kept }
  };
}

/** Where a place of a text is after a change of that; null when its characters are gone. */
export function moved<Place extends Finding['location']>(
  place: Place,
  before: string,
  after: string,
  change: IChange
): Place | null {
  const span = spanOf(before, place);
  const by = change.after.to - change.before.to;
  const from =
    span.from >= change.before.to
      ? span.from + by
      : span.from <= change.before.from
        ? span.from
        : change.after.to;
  const to =
    span.to <= change.before.from
      ? span.to
      : span.to >= change.before.to
        ? span.to + by
        : change.before.from;
  if (from >= to && span.from < span.to) {
    return null;
  }
  const [start, end] = [positionIn(after, from), positionIn(after, Math.max(from, to))];
  return {
    ...place,
    line: start.line,
    column: start.column,
    end_line: end.line,
    end_column: end.column
  };
}

/** The line and column of a UTF-16 offset, counted as the scanner does. */
function positionIn(text: string, offset: number): { line: number; column: number } {
  const head = text.slice(0, offset);
  const start = head.lastIndexOf('\n') + 1;
  return { line: head.split('\n').length - 1, column: characters(head.slice(start)) };
}

/** Edits with UTF-16 offsets, last one first, so that they can be applied one after another. */
export function ordered(text: string, edits: readonly Edit[]): IReplacement[] {
  return edits
    .map(edit => ({
      from: advance(text, 0, edit.start),
      to: advance(text, 0, edit.end),
      insert: edit.replacement
    }))
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .reverse(); // of two insertions at one place, too, the second is made first
}

/** An edit in UTF-16 units. */
export interface IReplacement extends ISpan {
  readonly insert: string;
}

/** The text with all edits applied; of two that overlap the later one is left out. */
export function edited(text: string, edits: readonly Edit[]): string {
  return ordered(text, disjoint(edits)).reduce(
    (done, edit) => done.slice(0, edit.from) + edit.insert + done.slice(edit.to),
    text
  );
}

/** The edits that overlap none before them; equal insertions at one place count once. */
export function disjoint(edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = [];
  const seen = new Set<string>();
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  for (const edit of sorted) {
    const last = kept[kept.length - 1];
    const words = `${edit.start}-${edit.end}:${edit.replacement}`;
    if (last === undefined || (edit.start >= last.end && !seen.has(words))) {
      kept.push(edit);
      seen.add(words);
    }
  }
  return kept;
}

/**
 * A list of strings, which the scanner read as one text with `joiner` characters between them,
 * with the edits applied to the strings.
 */
export function editedList(
  lines: readonly string[],
  edits: readonly Edit[],
  joiner: number
): string[] {
  const kept = disjoint(edits);
  let begin = 0;
  return lines.map((line, index) => {
    const length = characters(line);
    const end = begin + length;
    // Where two strings touch, an insertion belongs to the second.
    const touches = joiner === 0 && index < lines.length - 1;
    const here = kept
      .filter(({ start, end: stop }) =>
        start === stop
          ? start >= begin && (touches ? start < end : start <= end)
          : start < end && stop > begin
      )
      .map(edit => ({
        start: Math.max(0, edit.start - begin),
        end: Math.min(length, edit.end - begin),
        // The first string of a span takes the replacement, also when it begins in the joiner.
        replacement: edit.start >= begin - joiner ? edit.replacement : ''
      }));
    begin = end + joiner;
    return edited(line, here);
  });
}

function characters(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length;
}

/** The steps of an RFC 6901 pointer. */
export function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}

const DECEIVING =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/gu;

/** Text with the characters spelled out that would hide or reorder what is shown. */
export function visible(text: string): string {
  return text.replace(
    DECEIVING,
    char => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`
  );
}

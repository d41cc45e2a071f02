// @vitest-environment node
import type { JSONObject } from '@lumino/coreutils';
import { describe, expect, it } from 'vitest';
import { change, fixOf, gathered, isInOutput, safeFix } from '../repair';
import type { Finding, Fix } from '../wire';
import { edit, finding, fix, located } from './fixtures';

const PLACE = { line: 0, column: 0, end_line: 0, end_column: 1 };

describe('fixOf and safeFix', () => {
  const fixes = [fix('ignore', { safe: true }), fix('replace'), fix('mask', { safe: true })];

  it('finds the first of the kinds', () => {
    expect(fixOf(finding({ fixes }), 'mask', 'replace')).toBe(fixes[1]);
    expect(fixOf(finding({ fixes }), 'delete')).toBeUndefined();
    expect(fixOf(finding(), 'mask')).toBeUndefined();
  });

  it('takes no suppression for a safe fix', () => {
    expect(safeFix(finding({ fixes }))).toBe(fixes[2]);
    expect(safeFix(finding({ fixes: [fixes[0], fixes[1]] }))).toBeUndefined();
  });
});

describe('gathered', () => {
  const at = (pointer: string | null) => finding({ location: { type: 'cell', pointer, ...PLACE } });
  const ignore = (replacement: string): [Finding, Fix] => [
    at('/cells/0/source'),
    fix('ignore', { edits: [edit(3, 3, replacement)] })
  ];
  const told = (reason: string) =>
    gathered([ignore('# llmsec: ignore[X] {reason}')], reason).get('/cells/0/source')?.[0]
      .replacement;

  it('collects edits by part; the part of a fix goes before the one of the finding', () => {
    const parts = gathered([
      [at('/cells/0/source'), fix('mask', { edits: [edit(0, 1, 'a')] })],
      [at('/cells/0/source'), fix('mask', { edits: [edit(2, 3, 'b')] })],
      [
        at('/cells/0/source'),
        fix('mask', { pointer: '/cells/0/metadata/x', edits: [edit(4, 5, 'c')] })
      ],
      [at(null), fix('mask', { edits: [edit(6, 7, 'd')] })]
    ]);
    expect([...parts]).toEqual([
      ['/cells/0/source', [edit(0, 1, 'a'), edit(2, 3, 'b')]],
      ['/cells/0/metadata/x', [edit(4, 5, 'c')]],
      ['', [edit(6, 7, 'd')]]
    ]);
  });

  it('writes the reason of a suppression', () => {
    expect(told('a test value')).toBe('# llmsec: ignore[X] a test value');
  });

  it.each([
    ['a\nimport os', 'a import os'],
    ['a\r\n\tb', 'a b'],
    ['a\u2028b\u2029c', 'a b c'],
    ['a\u0085b', 'a b'],
    ['a\u0000b\u001bc', 'a b c'],
    ['done --> <script>', 'done - <script>'],
    ['a--!> b', 'a-!> b'],
    ['a ----> b', 'a - b'],
    ['  spaced  ', 'spaced'],
    ['$& $1 $`', '$& $1 $`']
  ])('keeps the reason %j in its comment', (reason, expected) => {
    expect(told(reason)).toBe(`# llmsec: ignore[X] ${expected}`);
  });

  it('fills no reason into code that happens to hold the same word', () => {
    const replace: [Finding, Fix] = [
      at('/p'),
      fix('replace', { edits: [edit(0, 1, 'f"{reason}"')] })
    ];
    expect(gathered([replace], 'why').get('/p')).toEqual([edit(0, 1, 'f"{reason}"')]);
  });
});

describe('change', () => {
  it('edits a string at the end of a path', () => {
    const outputs = [{ data: { 'text/plain': 'a key' } }];
    expect(change(outputs, ['0', 'data', 'text/plain'], [edit(2, 5, '***')])).toBe(true);
    expect(outputs).toEqual([{ data: { 'text/plain': 'a ***' } }]);
  });

  it('edits a list of strings, of which a traceback has line feeds between', () => {
    const output = { text: ['ab', 'cd'], traceback: ['ab', 'cd'] };
    expect(change(output, ['text'], [edit(2, 4, '*')])).toBe(true);
    expect(change(output, ['traceback'], [edit(3, 5, '*')])).toBe(true);
    expect(output).toEqual({ text: ['ab', '*'], traceback: ['ab', '*'] });
  });

  it.each([
    ['a member that is not there', ['data', 'text/html']],
    ['a way that ends early', ['data', 'text/plain', 'x', 'y']],
    ['a number', ['count']],
    ['a list that does not hold strings only', ['mixed']],
    ['what an object inherits', ['constructor', 'name']],
    ['the prototype', ['__proto__', 'toString']],
    ['no way at all', []]
  ])('refuses %s', (_, path) => {
    const value = { data: { 'text/plain': 'a' }, count: 3, mixed: ['a', 1] } as JSONObject;
    const before = JSON.stringify(value);
    expect(change(value, path, [edit(0, 1, 'X')])).toBe(false);
    expect(JSON.stringify(value)).toBe(before);
  });
});

describe('isInOutput', () => {
  it('counts outputs and their metadata', () => {
    const output = { type: 'output' as const, output: 0, mime: 'text/plain', ...PLACE };
    const metadata = { type: 'metadata' as const, ...PLACE };
    expect(isInOutput(located({ location: output }))).toBe(true);
    expect(isInOutput(located({ location: { ...metadata, output: 0 } }))).toBe(true);
    expect(isInOutput(located({ location: { ...metadata, output: null } }))).toBe(false);
    expect(isInOutput(located({ location: metadata }))).toBe(false);
    expect(isInOutput(located())).toBe(false);
  });
});

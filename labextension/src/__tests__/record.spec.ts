// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { Record, Tables } from '../record';
import type { Finding } from '../wire';
import { at, dataReport, finding, table } from './fixtures';

const prints = (findings: readonly Finding[]) => findings.map(({ fingerprint }) => fingerprint);

describe('Record', () => {
  it('has a key of its own', () => {
    expect(new Record().key).not.toBe(new Record().key);
  });

  it('takes a reply about the version that it is at', () => {
    const record = new Record();
    const found = at(0, 0);
    const failure = { path: 'p', message: 'm' };
    const skip = { path: 'p', message: 's' };
    const reply = { key: record.key, findings: [found], failures: [failure], skips: [skip] };
    expect(record.accept({ ...reply, low_confidence: 2 }, 1)).toBe(true);
    expect(record.judged).toBe(1);
    expect(record.findings).toEqual([found]);
    expect(record.problems).toEqual([failure, skip]);
    expect(record.lowConfidence).toBe(2);
  });

  it('drops a reply about text that has changed since', () => {
    const record = new Record();
    const old = at(0, 0);
    record.accept({ key: record.key, findings: [old] }, 1);
    record.edit();
    expect(record.accept({ key: record.key, findings: [] }, 1)).toBe(false);
    expect([record.findings, record.judged, record.version]).toEqual([[old], 1, 2]);
  });

  it('replaces all that was said before', () => {
    const record = new Record();
    record.refuse({ path: 'p', message: 'm' }, 1);
    expect(record.problems).toEqual([{ path: 'p', message: 'm' }]);
    record.accept({ key: record.key }, 1);
    expect([record.problems, record.findings, record.lowConfidence]).toEqual([[], [], 0]);
  });

  it('replaces pushes source by source', () => {
    const record = new Record();
    const [one, two, three] = [at(0, 0), at(1, 0), at(2, 0)];
    record.push('memory', [one]);
    record.push('outputs', [two]);
    record.push('memory', [three]);
    expect(prints(record.found().pushed).sort()).toEqual(prints([two, three]).sort());
    record.push('memory', []);
    expect(prints(record.found().pushed)).toEqual(prints([two]));
  });

  it('does not say twice what the server has found too', () => {
    const record = new Record();
    record.push('k', [at(1, 2), at(1, 3), at(1, 2, { rule: 'SEC998' })]);
    record.accept({ key: record.key, findings: [at(1, 2)] }, 1);
    expect(record.found().pushed.map(({ rule, location }) => [rule, location.column])).toEqual([
      ['SEC999', 3],
      ['SEC998', 2]
    ]);
  });

  it('tells outputs and their representations apart', () => {
    const record = new Record();
    const output = (number: number, mime: string) =>
      finding({
        location: {
          type: 'output',
          line: 0,
          column: 0,
          end_line: 0,
          end_column: 1,
          output: number,
          mime
        }
      });
    const pushed = [output(0, 'text/plain'), output(1, 'text/plain'), output(0, 'text/html')];
    record.push('k', pushed);
    record.accept({ key: record.key, findings: [output(0, 'text/plain')] }, 1);
    expect(prints(record.found().pushed)).toEqual(prints(pushed.slice(1)));
  });

  it('drops at an edit what the kernel said of the text, and keeps what it said of data', () => {
    const record = new Record();
    const place = { line: 0, column: 0, end_line: 0, end_column: 0 };
    const column = finding({ location: { type: 'column', column_name: 'mail', ...place } });
    const output = finding({
      location: { type: 'output', output: 0, mime: 'text/plain', ...place }
    });
    record.push('data', [column, at(0, 0)]);
    record.push('run', [output]);
    record.edit();
    expect(prints(record.found().pushed)).toEqual(prints([column]));
    expect(record.version).toBe(2);
  });

  it('tells columns apart, and forgets those of a table of which newer word has come', () => {
    const record = new Record();
    const place = { line: 0, column: 0, end_line: 0, end_column: 0 };
    const inColumn = (path: string, name: string) =>
      finding({ location: { type: 'column', path, column_name: name, ...place } });
    const told = [inColumn('df', 'a'), inColumn('df', 'b'), inColumn('other', 'a'), at(0, 0)];
    record.push('data:df', told);
    record.accept({ key: record.key, findings: [inColumn('df', 'a')] }, 1);
    expect(prints(record.found().pushed)).toEqual(prints(told.slice(1)));
    record.outdate(new Set(['df']));
    expect(prints(record.found().pushed)).toEqual(prints(told.slice(2)));
  });

  it('forgets all that the kernel said, and says whether there was anything', () => {
    const record = new Record();
    record.accept({ key: record.key, findings: [at(5, 5)] }, 1);
    expect(record.restart()).toBe(false);
    record.push('k', [at(0, 0)]);
    expect(record.restart()).toBe(true);
    expect([record.found().pushed, record.findings.length]).toEqual([[], 1]);
  });
});

describe('Tables', () => {
  const names = (tables: Tables) => tables.all.map(({ name, rows_seen }) => [name, rows_seen]);
  const failure = (path: string, message = 'INCOMPLETE') => ({ path, message });

  it('are replaced source by source, the newest first', () => {
    const tables = new Tables();
    tables.push('data:a', { tables: [table({ name: 'a' })] });
    tables.push('data:b', { tables: [table({ name: 'b' })] });
    expect(names(tables)).toEqual([
      ['b', 100],
      ['a', 100]
    ]);
    tables.push('data:a', { tables: [table({ name: 'a', rows_seen: 7 })] });
    expect(names(tables)).toEqual([
      ['a', 7],
      ['b', 100]
    ]);
    tables.push('data:a', {});
    expect(names(tables)).toEqual([['b', 100]]);
    tables.clear();
    expect(names(tables)).toEqual([]);
  });

  it('of one name are one, whatever source they come from', () => {
    const tables = new Tables();
    const [a, b] = ['a', 'b'].map(name => table({ name, problems: [failure(name)] }));
    tables.push('data:a,b', { tables: [a, b] });
    tables.push('data:a', { tables: [table({ name: 'a', rows_seen: 7 }), table({ name: 'a' })] });
    expect(names(tables)).toEqual([
      ['a', 100],
      ['b', 100]
    ]);
    expect(tables.problems).toEqual([failure('b')]);
  });

  it('have problems, each said once', () => {
    const tables = new Tables();
    const cut = failure('a', 'cut');
    tables.push('data:a', {
      tables: [table({ name: 'a', problems: [failure('a')] })],
      failures: [failure('a'), cut],
      skips: [failure('x', 'left out')]
    });
    expect(tables.problems).toEqual([failure('a'), cut, failure('x', 'left out')]);
  });

  it('hold what was said of training data, until the same data are scanned again', () => {
    const tables = new Tables();
    const rows = () => tables.data.map(report => [report.name, report.rows]);
    tables.push('data:rows:a', { data: [dataReport({ name: 'a' })], failures: [failure('a')] });
    tables.push('data:a', { tables: [table({ name: 'a' })] });
    expect(rows()).toEqual([['a', 1000]]);
    tables.push('data:rows:a', { data: [dataReport({ name: 'a', rows: 7 })] });
    expect(rows()).toEqual([['a', 7]]);
    expect(tables.problems).toEqual([]);
    tables.push('data:rows:b', { data: [dataReport({ name: 'b' }), dataReport({ name: 'b' })] });
    expect(rows()).toEqual([
      ['b', 1000],
      ['a', 7]
    ]);
    tables.clear();
    expect(rows()).toEqual([]);
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { accepted } from '../pushes';
import { alert, column, dataReport, finding, fix, table } from './fixtures';

const push = (...findings: unknown[]) => ({ source: 's', report: { findings } });
const kept = (...findings: unknown[]) => accepted(push(...findings))?.report.findings;

describe('accepted', () => {
  it.each([null, 7, 'x', [], {}, { source: 's' }, { source: 1, report: {} }, { report: {} }])(
    'is nothing for %j',
    words => {
      expect(accepted(words)).toBeNull();
    }
  );

  it('keeps a finding of the right shape, without its fixes and suppression', () => {
    const told = finding({ fixes: [fix('replace')], suppression: { kind: 'tag' } });
    expect(kept(told)).toEqual([{ ...told, fixes: [], suppression: null }]);
  });

  it.each(['code', 'dependency', 'model'] as const)('keeps one of the family %s', family => {
    const told = finding({ family, rule: 'COD001', evidence: { masked: '', digest: 'd' } });
    expect(kept(told)).toEqual([{ ...told, fixes: [], suppression: null }]);
  });

  it('drops what is suppressed of packages: only the kernel knows which there are', () => {
    const told = finding({ family: 'dependency', suppression: { kind: 'comment' } });
    expect(kept(told)).toEqual([]);
  });

  it.each([
    ['evidence', undefined],
    ['evidence', { masked: 7 }],
    ['location', null],
    ['location', { type: 'cell', line: -1, column: 0, end_line: 0, end_column: 0 }],
    ['location', { type: 'output', line: 0, column: 0, end_line: 0, end_column: 0 }],
    ['location', { type: '__proto__', line: 0, column: 0, end_line: 0, end_column: 0 }],
    ['severity', 'constructor'],
    ['family', '__proto__'],
    ['confidence', 1],
    ['message', { toString: 'x' }],
    ['message', 'x'.repeat(1001)],
    ['fingerprint', null]
  ])('drops one whose %s is %j', (name, value) => {
    expect(kept({ ...finding(), [name]: value }, finding({ rule: 'good' }))).toMatchObject([
      { rule: 'good' }
    ]);
  });

  it.each([
    [{ column_name: 7 }],
    [{ column_name: 'x'.repeat(1001) }],
    [{ column_name: 'x', path: 7 }],
    [{}]
  ])('drops one in a column of which it says %j', change => {
    const place = { type: 'column', line: 0, column: 0, end_line: 0, end_column: 0 };
    expect(kept({ ...finding(), location: { ...place, ...change } })).toEqual([]);
    const good = { ...place, column_name: 'x', path: null };
    expect(kept({ ...finding(), location: good })).toHaveLength(1);
  });

  it('lists no more than two thousand', () => {
    expect(kept(...Array<unknown>(2500).fill(finding()))).toHaveLength(2000);
  });
});

describe('accepted tables', () => {
  const told = (tables: unknown, more: object = {}) =>
    accepted({ source: 'data:df', report: { tables, ...more } })?.report;
  const only = (change: object) => told([{ ...table(), ...change }])?.tables ?? [];
  const columns = (...all: unknown[]) => only({ columns: all })[0].columns;
  const also = { kind: 'K', rule: 'R', hits: 2, confidence: 'low', severity: 'low' };
  const full = {
    ...column({ path: 'mail', kind: 'EMAIL_ADDRESS', rule: 'PII001', share: 0.5, hits: 50 }),
    ...{ exact: false, confidence: 'high', severity: 'low', country: 'DE', note: 'n' },
    masked: ['***'],
    also: [{ ...also, country: 'FR', masked: ['*'], exact: true }]
  };
  const risk = {
    traits: [{ path: 'age', distinct: 3, unique: 0.5 }],
    ...{ rows: 9, classes: 3, smallest: 1, unique: 0.1, below_five: 1, estimated: true }
  };
  const problem = { path: 'df', message: 'm', remedy: 'r' };

  it('are kept as they are when of the right shape, without what nobody knows', () => {
    const whole = { ...table({ columns: [] }), risk, problems: [problem] };
    expect(only({ ...whole, columns: [{ ...full, extra: 1 }], extra: 1 })).toEqual([
      { ...whole, columns: [full] }
    ]);
    expect(only({ rows: null })).toMatchObject([{ rows: null, risk: null, problems: [] }]);
    expect(columns(column())).toMatchObject([
      { kind: '', rule: '', severity: null, confidence: null, exact: true, masked: [], also: [] }
    ]);
  });

  it.each([null, 7, 'x', {}, [null, 7, 'x', [], {}]])('are none for %j', tables => {
    expect(told(tables)).toMatchObject({ tables: [], failures: [] });
  });

  it.each([
    ['name', 7],
    ['name', 'x'.repeat(1001)],
    ['rows', -1],
    ['rows', undefined],
    ['rows_seen', NaN],
    ['rows_seen', Infinity],
    ['rows_seen', 0.5],
    ['rows_seen', '7'],
    ['complete', 1],
    ['columns', {}]
  ])('are dropped when %s is %j', (name, value) => {
    expect(only({ [name]: value })).toEqual([]);
  });

  it.each([
    ['path', null],
    ['path', 'x'.repeat(1001)],
    ['dtype', {}],
    ['form', 1],
    ['rows', 1e300],
    ['nulls', -1],
    ['distinct', NaN],
    ['kind', 1],
    ['rule', []],
    ['country', 1],
    ['note', {}],
    ['share', 1.01],
    ['share', NaN],
    ['share', '1'],
    ['hits', Infinity],
    ['confidence', 'sure'],
    ['confidence', null],
    ['severity', '__proto__'],
    ['severity', null]
  ])('lose a column whose %s is %j, and say so', (name, value) => {
    const [left] = only({ columns: [column({ path: 'good' }), { ...full, [name]: value }] });
    expect(left.columns.map(({ path }) => path)).toEqual(['good']);
    expect(left.problems).toEqual([{ path: 'df', message: '1 of its columns are not shown' }]);
  });

  it('have only masks that are short', () => {
    const masked = ['***', 7, 'x'.repeat(81), null];
    expect(columns({ ...full, masked })[0].masked).toEqual(['***']);
    expect(columns({ ...full, masked: Array(30).fill('*') })[0].masked).toHaveLength(20);
    expect(columns({ ...full, masked: 'abc' })[0].masked).toEqual([]);
  });

  it.each([
    ['kind', 1],
    ['rule', null],
    ['hits', -1],
    ['confidence', ''],
    ['severity', 'constructor'],
    ['country', {}]
  ])('lose a further kind whose %s is %j', (name, value) => {
    expect(columns({ ...full, also: [{ ...also, [name]: value }, null] })[0].also).toEqual([]);
  });

  it.each([
    ['traits', {}],
    ['rows', -1],
    ['classes', NaN],
    ['smallest', '1'],
    ['unique', 2],
    ['below_five', -0.1]
  ])('lose a risk whose %s is %j', (name, value) => {
    expect(only({ risk: { ...risk, [name]: value } })).toMatchObject([{ risk: null }]);
  });

  it('lose traits of another shape', () => {
    const [trait] = risk.traits;
    const traits = [trait, null, { ...trait, path: 1 }, { ...trait, unique: 7 }, { distinct: 1 }];
    expect(only({ risk: { ...risk, traits } })[0].risk?.traits).toEqual([trait]);
  });

  it('are twenty at most, and it is said how many more there are', () => {
    const report = told(Array(25).fill(table()));
    expect(report?.tables).toHaveLength(20);
    expect(report?.failures).toEqual([{ path: '', message: '5 more tables are not shown' }]);
  });

  it('have five hundred columns at most, those with personal data before others', () => {
    const many = Array.from({ length: 600 }, (_, at) => column({ path: `c${at}` }));
    const [left] = only({ columns: [...many, full] });
    expect(left.columns).toHaveLength(500);
    expect(left.columns[0].path).toBe('mail');
    expect(left.problems).toEqual([{ path: 'df', message: '101 of its columns are not shown' }]);
  });

  it('have a problem when they are not complete', () => {
    expect(only({ complete: false })[0].problems).toEqual([
      { path: 'df', message: 'not all rows were seen' }
    ]);
    expect(only({ complete: false, problems: [problem] })[0].problems).toEqual([problem]);
  });

  it('come with failures and skips of the right shape', () => {
    const bad = [null, 7, { path: 'x' }, { path: 1, message: 'm' }, { ...problem, remedy: 7 }];
    expect(told([], { failures: [problem, ...bad], skips: [...bad, problem] })).toMatchObject({
      failures: [problem],
      skips: [problem]
    });
    const most = { failures: Array(30).fill(problem), skips: 7 };
    expect(told([], most)?.failures).toHaveLength(20);
  });
});

describe('accepted training data', () => {
  const told = (...data: unknown[]) =>
    accepted({ source: 'data:rows:df', report: { data } })?.report.data ?? [];

  it('are kept whole', () => {
    const sample = {
      row: 1,
      column: 'text',
      text: 'a cf b',
      label: '1',
      marks: [{ start: 2, end: 4 }]
    };
    const whole = dataReport({
      roles: { text: 'body' },
      guessed: ['text'],
      alerts: [alert({ samples: [sample], purity: 0.9, insertion: -1.5 })],
      power: [{ detector: 'd', what: 'a word', rows: 20, share: 0.9, decoys: 10 }],
      points: [{ text: 'cf', count: 5, purity: 1, target: '1', alert: 'T1' }],
      coverage: [{ detector: 'd', state: 'done', note: '' }],
      not_covered: ['styles']
    });
    expect(told(whole)).toMatchObject([whole]);
  });

  it.each([
    ['name', 7],
    ['rows', -1],
    ['name', 'x'.repeat(1001)]
  ])('are nothing where %s is %j', (name, value) => {
    expect(told({ ...dataReport(), [name]: value })).toEqual([]);
  });

  it('lose what has not the right shape, and say so of alerts', () => {
    const [found] = told(
      dataReport({
        roles: { text: 7 } as never,
        alerts: [alert({ severity: 'constructor' as never }), alert({ purity: 7 })],
        power: [{ what: 7 } as never],
        points: [{ text: 'x', count: 1, purity: 2, target: '' }]
      })
    );
    expect(found).toMatchObject({ roles: {}, power: [], points: [] });
    expect(found.alerts).toMatchObject([{ id: 'T1', purity: null }]);
    expect(found.problems).toEqual([{ path: 'df', message: '1 alerts are not shown' }]);
  });

  it('mark nothing where marks are out of order', () => {
    const marks = [
      { start: 3, end: 5 },
      { start: 1, end: 2 }
    ];
    const sample = { row: 1, column: 'text', text: 'a cf b', marks };
    const [found] = told(dataReport({ alerts: [alert({ samples: [sample] })] }));
    expect(found.alerts?.[0].samples?.[0].marks).toEqual([]);
  });
});

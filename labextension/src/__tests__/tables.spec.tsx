import React from 'react';
import { describe, expect, it } from 'vitest';
import type { ITarget } from '../panel/tables';
import { Tables } from '../panel/tables';
import type { Settings } from '../settings';
import { DEFAULTS } from '../settings';
import type { ILocated } from '../tokens';
import type { ColumnReport, Rule, TableReport } from '../wire';
import { all, button, click, draw, focus, HOSTILE, texts } from './drawn';
import { column, located, rule, table, trans } from './fixtures';

const MAIL: Partial<ColumnReport> = {
  kind: 'EMAIL_ADDRESS',
  rule: 'PII001',
  share: 0.62,
  hits: 62,
  confidence: 'high',
  severity: 'low',
  masked: ['***@***.com', '***@***.org']
};
const RULES = new Map([
  ['PII001', rule({ id: 'PII001', summary: 'E-mail address in clear text' })],
  ['SEC999', rule({ summary: 'A made up token' })]
]);

interface ISetup {
  found?: ILocated[];
  rules?: ReadonlyMap<string, Rule>;
  settings?: Partial<typeof DEFAULTS>;
  target?: ITarget | null;
}

function tables(shown: TableReport[], setup: ISetup = {}) {
  const settings = { values: { ...DEFAULTS, ...setup.settings } } as Settings;
  const element = (now: TableReport[], target: ITarget | null) => (
    <Tables
      tables={now}
      found={setup.found ?? []}
      rules={setup.rules ?? RULES}
      settings={settings}
      target={target}
      trans={trans}
    />
  );
  const { node, again } = draw(element(shown, setup.target ?? null));
  return {
    node,
    again: (target: ITarget | null, now = shown) => again(element(now, target))
  };
}

const cells = (node: Element) => all(node, 'tbody tr').map(row => texts(row, 'th, td'));
const names = (node: Element) => texts(node, 'tbody th');
const focused = () => document.activeElement?.getAttribute('data-column') ?? null;

function inColumn(path: string, name: string, change: Partial<ILocated['finding']> = {}): ILocated {
  const place = { line: 0, column: 0, end_line: 0, end_column: 0 };
  return located({ location: { type: 'column', path, column_name: name, ...place }, ...change });
}

describe('Tables', () => {
  it('are nothing without tables, nor where personal data are hidden', () => {
    expect(tables([]).node.childElementCount).toBe(0);
    const hidden = tables([table()], { settings: { hiddenFamilies: ['pii'] } });
    expect(hidden.node.childElementCount).toBe(0);
  });

  it('say what a column holds', () => {
    const { node } = tables([table({ columns: [column({ path: 'mail', ...MAIL })] })]);
    expect(texts(node, 'thead th')).toEqual([
      'Column',
      'Kind and share',
      'Values',
      'Distinct',
      'Samples',
      'Confidence',
      'Severity'
    ]);
    expect(all(node, 'thead th').map(each => each.getAttribute('scope'))).toEqual(
      Array(7).fill('col')
    );
    expect(cells(node)).toEqual([
      ['mail', 'E-mail address62 %', '62 of 100', '7', '***@***.com***@***.org', 'High', 'Low']
    ]);
    expect(texts(node, 'caption')).toEqual(['Found in 1 of 1 columns']);
    expect(all(node, 'tbody th')[0].getAttribute('scope')).toBe('row');
    expect(texts(node, 'td code')).toEqual(['***@***.com', '***@***.org']);
  });

  it('show the share as a bar that has a name', () => {
    const shares = [0, 0.0004, 0.04, 0.62, 1];
    const { node } = tables([
      table({ columns: shares.map((share, at) => column({ path: `c${at}`, ...MAIL, share })) })
    ]);
    expect(
      all(node, '[role=img]').map(bar => [
        bar.getAttribute('aria-label'),
        (bar.firstElementChild as HTMLElement).style.width
      ])
    ).toEqual([
      ['100 % of rows', '100%'],
      ['62 % of rows', '62%'],
      ['4.0 % of rows', '4%'],
      ['<0.1 % of rows', '2%'],
      ['0 % of rows', '0%']
    ]);
    // Read once: what is said beside the bar is for the eye.
    expect(all(node, '.llmsec-share > span').map(each => each.ariaHidden)).not.toContain('false');
  });

  it('speak of values where some are missing, or stand in lists', () => {
    const { node } = tables([
      table({
        columns: [
          column({ path: 'mail', ...MAIL, nulls: 20 }),
          column({ path: 'tags[]', ...MAIL, share: 0.5, exact: false })
        ]
      })
    ]);
    expect(all(node, '[role=img]').map(bar => bar.getAttribute('aria-label'))).toEqual([
      '62 % of values',
      '50 % of values'
    ]);
    expect(cells(node).map(row => row[2])).toEqual(['62 of 80', '~62 of 100']);
  });

  it('have the worst columns first, unsure ones after them, and the others folded', () => {
    const { node } = tables([
      table({
        columns: [
          column({ path: 'plain', form: 'number', note: 'a sample' }),
          column({ path: 'unsure', ...MAIL, severity: 'high', confidence: 'low' }),
          column({ path: 'few', ...MAIL, share: 0.1 }),
          column({ path: 'many', ...MAIL }),
          column({ path: 'high', ...MAIL, severity: 'high', confidence: 'medium' }),
          column({ path: 'other' })
        ]
      })
    ]);
    expect(names(node)).toEqual(['high', 'many', 'few', 'unsure']);
    expect(texts(node, 'caption')).toEqual(['Found in 4 of 6 columns']);
    const fold = button(node, '▸2 columns without findings');
    expect(fold.getAttribute('aria-expanded')).toBe('false');
    click(fold);
    expect(fold.getAttribute('aria-expanded')).toBe('true');
    expect(names(node)).toEqual(['high', 'many', 'few', 'unsure', 'plain', 'other']);
    expect(cells(node)[4]).toEqual(['plain', 'numbera sample', '100', '7', '', '', '']);
    click(fold);
    expect(names(node)).toHaveLength(4);
  });

  it('show further kinds, and what else was found, below the first', () => {
    const also = {
      kind: 'PHONE_NUMBER',
      rule: 'PII777',
      hits: 10,
      confidence: 'medium' as const,
      severity: 'medium' as const,
      country: 'DE',
      masked: ['+49 ***'],
      exact: false
    };
    const columns = [
      column({ path: 'text', ...MAIL, note: 'inside of longer texts', also: [also] })
    ];
    const { node } = tables([table({ name: 'df', columns })], {
      found: [
        inColumn('df', 'text', { rule: 'SEC999', severity: 'critical' }),
        inColumn('df', 'text', { rule: 'PII001' }), // the table says it
        inColumn('other', 'text', { rule: 'SEC998' })
      ]
    });
    const [head] = all<HTMLTableCellElement>(node, 'tbody th');
    expect(head.rowSpan).toBe(3);
    expect(cells(node).map(row => row.slice(-6))).toEqual([
      [
        'E-mail address62 %inside of longer texts',
        '62 of 100',
        '7',
        '***@***.com***@***.org',
        'High',
        'Low'
      ],
      ['PHONE_NUMBER (DE)10 %', '~10 of 100', '', '+49 ***', 'Medium', 'Medium'],
      ['A made up token', '', '', 'ab***yz', 'High', 'Critical']
    ]);
    expect(all(node, 'tbody tr').map(row => row.className)).toEqual([
      'llmsec-level-low',
      'llmsec-level-medium',
      'llmsec-level-critical'
    ]);
  });

  it('know no rule and are not the worse for it', () => {
    const { node } = tables(
      [table({ columns: [column({ ...MAIL, rule: '__proto__', kind: '' })] })],
      { rules: new Map() }
    );
    expect(cells(node)[0][1]).toBe('__proto__62 %');
  });

  it('do not list severities that are not wanted', () => {
    const columns = [column({ path: 'mail', ...MAIL })];
    const { node } = tables([table({ columns })], { settings: { severities: ['high'] } });
    expect(names(node)).toEqual([]);
    button(node, '▸1 column without findings');
  });

  it('say how many rows were seen, and when not all', () => {
    const { node } = tables([
      table({ name: 'whole', rows: 100, rows_seen: 100 }),
      table({ name: 'part', rows: 900, rows_seen: 100, complete: false }),
      table({ name: 'open', rows: null, rows_seen: 1, complete: false })
    ]);
    expect(texts(node, '.llmsec-frame-head')).toEqual([
      '▾whole 100 rows',
      '▾part 100 of 900 rows INCOMPLETE',
      '▾open 1 row INCOMPLETE'
    ]);
  });

  it('open and close', () => {
    const { node } = tables([table({ columns: [column(MAIL)] })]);
    const [head] = all(node, '.llmsec-frame-head');
    expect(head.getAttribute('aria-expanded')).toBe('true');
    click(head);
    expect(head.getAttribute('aria-expanded')).toBe('false');
    expect(all(node, 'table')).toEqual([]);
    click(head);
    expect(all(node, 'table')).toHaveLength(1);
  });

  it('begin closed where there are many', () => {
    const many = ['a', 'b', 'c', 'd'].map(name => table({ name, columns: [column(MAIL)] }));
    expect(all(tables(many).node, 'table')).toEqual([]);
    expect(all(tables(many.slice(1)).node, 'table')).toHaveLength(3);
  });

  it('say in words how well rows can be told apart', () => {
    const risk = {
      traits: [
        { path: 'age', distinct: 73, unique: 0.02 },
        { path: 'zip\u202e', distinct: 1, unique: 0 }
      ],
      rows: 100,
      classes: 90,
      smallest: 1,
      unique: 0.41,
      below_five: 0.8
    };
    const { node, again } = tables([table({ risk })]);
    expect(texts(node, '.llmsec-risk p')).toEqual([
      'Re-identification 2 columns together single out 41 % of rows; smallest group 1. ' +
        '80 % share their values with fewer than 4 others.'
    ]);
    expect(texts(node, '.llmsec-risk li')).toEqual([
      'age 73 values, 2.0 % of rows alone in it',
      'zip<U+202E> 1 value, 0 % of rows alone in it'
    ]);
    const [age] = risk.traits;
    again(null, [table({ risk: { ...risk, traits: [age], estimated: true } })]);
    expect(texts(node, '.llmsec-risk p')).toEqual([
      'Re-identification 1 column alone singles out about 41 % of rows; smallest group at most 1. ' +
        'about 80 % share their values with fewer than 4 others.'
    ]);
  });

  it('draw a hundred columns, and more when asked', () => {
    const columns = Array.from({ length: 250 }, (_, at) => column({ path: `c${at}`, ...MAIL }));
    const { node } = tables([table({ columns })]);
    expect(names(node)).toHaveLength(100);
    click(button(node, 'Show 100 more'));
    click(button(node, 'Show 50 more'));
    expect(names(node)).toHaveLength(250);
    expect(all(node, '.llmsec-more')).toEqual([]);
  });

  it('show what a kernel says as text', () => {
    const said = `${HOSTILE}\u202e`;
    const { node } = tables([
      table({
        name: said,
        columns: [
          column({
            path: said,
            form: said,
            ...{ ...MAIL, rule: said, kind: said, country: said, note: said, masked: [said] }
          }),
          column({ path: said, form: said, note: said })
        ],
        risk: {
          traits: [{ path: said, distinct: 2, unique: 0 }],
          ...{ rows: 2, classes: 2, smallest: 1, unique: 1, below_five: 1 }
        }
      })
    ]);
    click(button(node, '▸1 column without findings'));
    expect(all(node, 'img, script, a')).toEqual([]);
    expect(node.textContent).not.toContain('\u202e');
    expect(names(node)).toEqual(Array(2).fill(`${HOSTILE}<U+202E>`));
  });

  describe('a column that is asked for', () => {
    const many = () => [
      table({ name: 'a', columns: [column({ path: 'mail', ...MAIL })] }),
      table({
        name: 'b',
        columns: [
          ...Array.from({ length: 150 }, (_, at) => column({ path: `c${at}`, ...MAIL })),
          column({ path: 'plain' }),
          column({ path: 'we"ird]' })
        ]
      })
    ];

    it('gets the focus', () => {
      const { again } = tables(many());
      again({ table: 'b', column: 'c3' });
      expect(focused()).toBe('c3');
      again({ table: 'a', column: 'mail' });
      expect(focused()).toBe('mail');
    });

    it('is drawn, unfolded and opened for that', () => {
      const { node, again } = tables(many());
      click(all(node, '.llmsec-frame-head')[1]);
      again({ table: 'b', column: 'c149' });
      expect(focused()).toBe('c149');
      expect(names(node)).not.toContain('plain');
      again({ table: 'b', column: 'we"ird]' });
      expect(focused()).toBe('we"ird]');
    });

    it('keeps the focus only until it goes elsewhere', () => {
      const { node, again } = tables(many());
      const target = { table: 'a', column: 'mail' };
      again(target);
      const [head] = all(node, '.llmsec-frame-head');
      focus(head);
      again(target, many());
      expect(document.activeElement).toBe(head);
      again({ ...target });
      expect(focused()).toBe('mail');
    });

    it('is not looked for in a table that comes later', () => {
      const { again } = tables([]);
      const target = { table: 'a', column: 'mail' };
      again(target);
      again(target, many());
      expect(focused()).toBeNull();
    });

    it('may be unknown', () => {
      const { again } = tables(many());
      again({ table: 'a', column: 'nothing' });
      again({ table: 'nothing', column: 'mail' });
      expect(focused()).toBeNull();
    });
  });
});

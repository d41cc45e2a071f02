/** What the kernel said of tables, column by column: the kind of data, its share, the risk. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';
import { visible } from '../places';
import type { Settings } from '../settings';
import type { ILocated } from '../tokens';
import { SEVERITIES } from '../tokens';
import type { ColumnReport, Confidence, Risk, Rule, Severity, TableReport } from '../wire';
import { confidenceName, percent, severityName } from '../words';

/** Tables, or columns of one, that are drawn before people ask for more. */
const STEP = 100;
/** Where there are more tables than this, they begin closed. */
const FEW = 3;
const SAMPLES = 3;
const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low'];

/** The column to bring into view; another object asks again. */
export interface ITarget {
  readonly table: string;
  readonly column: string;
}

interface IProps {
  tables: readonly TableReport[];
  found: readonly ILocated[];
  rules: ReadonlyMap<string, Rule>;
  settings: Settings;
  target: ITarget | null;
  trans: TranslationBundle;
}

/** One kind of data in a column; without `hits` it was not counted. */
interface IKind {
  readonly rule: string;
  readonly words: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly country: string;
  readonly masked: readonly string[];
  readonly hits?: number;
  readonly share?: number;
  readonly exact?: boolean;
}

/** A column, its number in the table, and what was found in it. */
interface IRow {
  readonly at: number;
  readonly column: ColumnReport;
  readonly kinds: readonly IKind[];
}

export function Tables(props: IProps): React.JSX.Element | null {
  const { tables, settings, trans } = props;
  const [limit, setLimit] = useState(STEP);
  if (!tables.length || settings.values.hiddenFamilies.includes('pii')) {
    return null;
  }
  return (
    <section className="llmsec-tables" aria-label={trans.__('Tables')}>
      <h3>{trans.__('Tables')}</h3>
      {tables.slice(0, limit).map(table => (
        <Table key={table.name} {...props} table={table} />
      ))}
      <More left={tables.length - limit} onMore={() => setLimit(limit + STEP)} trans={trans} />
    </section>
  );
}

function Table(props: IProps & { table: TableReport }): React.JSX.Element {
  const { table, tables, target, trans } = props;
  const id = useId();
  const node = useRef<HTMLDivElement>(null);
  const wanted = useRef('');
  const asked = useRef(target); // a table that comes anew does not answer an old call
  const [open, setOpen] = useState(tables.length <= FEW);
  const [unfolded, setUnfolded] = useState(false);
  const [limit, setLimit] = useState(STEP);
  const rows = rowsOf(props);
  const found = rows.filter(({ kinds }) => kinds.length);
  const rest = rows.filter(({ kinds }) => !kinds.length);
  useEffect(() => {
    const isNew = target !== asked.current;
    asked.current = target;
    const known = rows.findIndex(({ column }) => column.path === target?.column);
    if (isNew && target?.table === table.name && known >= 0) {
      wanted.current = target.column;
      setOpen(true);
      setUnfolded(unfolded || known >= found.length);
      setLimit(Math.max(limit, known + 1));
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked once, not at each new report
  }, [target]);
  useEffect(() => {
    const row = wanted.current && find(node.current, wanted.current);
    if (row) {
      wanted.current = '';
      row.scrollIntoView({ block: 'nearest' });
      row.focus({ preventScroll: true });
    }
  });
  return (
    <div className="llmsec-frame" ref={node}>
      <h4>
        <button
          type="button"
          className="llmsec-frame-head"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <span aria-hidden="true" className="llmsec-twist">
            {open ? '▾' : '▸'}
          </span>
          <code>{visible(table.name) || trans.__('table')}</code>{' '}
          <span className="llmsec-where">{seen(table, trans)}</span>
          {!table.complete && (
            <>
              {' '}
              <strong className="llmsec-incomplete">{trans.__('INCOMPLETE')}</strong>
            </>
          )}
        </button>
      </h4>
      <div id={id} hidden={!open}>
        {open && (
          <>
            {/* eslint-disable jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
            <div
              className="llmsec-frame-scroll"
              role="group"
              aria-label={trans.__('Columns of %1', visible(table.name))}
              tabIndex={0}
            >
              {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
              <table>
                <caption>
                  <span className="llmsec-caption">
                    {trans.__('Found in %1 of %2 columns', shown(found.length), shown(rows.length))}
                  </span>
                </caption>
                <Heads trans={trans} />
                <tbody>
                  {found.slice(0, limit).map(row => (
                    <Column key={row.at} row={row} trans={trans} />
                  ))}
                </tbody>
                {unfolded && (
                  <tbody>
                    {rest.slice(0, Math.max(0, limit - found.length)).map(row => (
                      <Column key={row.at} row={row} trans={trans} />
                    ))}
                  </tbody>
                )}
              </table>
            </div>
            <More
              left={(unfolded ? rows.length : found.length) - limit}
              onMore={() => setLimit(limit + STEP)}
              trans={trans}
            />
            {rest.length > 0 && (
              <button
                type="button"
                className="llmsec-button llmsec-fold"
                aria-expanded={unfolded}
                onClick={() => setUnfolded(!unfolded)}
              >
                <span aria-hidden="true" className="llmsec-twist">
                  {unfolded ? '▾' : '▸'}
                </span>
                {trans._n('%1 column without findings', '%1 columns without findings', rest.length)}
              </button>
            )}
            {table.risk && <RiskView risk={table.risk} trans={trans} />}
          </>
        )}
      </div>
    </div>
  );
}

function Heads({ trans }: { trans: TranslationBundle }): React.JSX.Element {
  const names = [
    trans.__('Column'),
    trans.__('Kind and share'),
    trans.__('Values'),
    trans.__('Distinct'),
    trans.__('Samples'),
    trans.__('Confidence'),
    trans.__('Severity')
  ];
  return (
    <thead>
      <tr>
        {names.map(name => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** One row of the table; further kinds in rows of their own below it. */
function Column({ row, trans }: { row: IRow; trans: TranslationBundle }): React.JSX.Element {
  const { column, kinds } = row;
  const [first, ...others] = kinds;
  const head = (
    <th scope="row" rowSpan={Math.max(1, kinds.length)} title={visible(column.dtype)}>
      <code>{visible(column.path)}</code>
    </th>
  );
  if (!kinds.length) {
    return (
      <tr tabIndex={-1} data-column={column.path}>
        {head}
        <td>
          {visible(column.form)}
          <Note note={column.note} />
        </td>
        <td className="llmsec-number">{shown(present(column))}</td>
        <td className="llmsec-number">{shown(column.distinct)}</td>
        <td />
        <td />
        <td />
      </tr>
    );
  }
  return (
    <>
      <tr tabIndex={-1} data-column={column.path} className={`llmsec-level-${first.severity}`}>
        {head}
        <KindCells column={column} kind={first} leads trans={trans} />
      </tr>
      {others.map((kind, at) => (
        <tr key={at} className={`llmsec-level-${kind.severity}`}>
          <KindCells column={column} kind={kind} trans={trans} />
        </tr>
      ))}
    </>
  );
}

interface IKindProps {
  column: ColumnReport;
  kind: IKind;
  /** What is said of the column as a whole stands beside its first kind. */
  leads?: boolean;
  trans: TranslationBundle;
}

function KindCells({ column, kind, leads, trans }: IKindProps): React.JSX.Element {
  const { hits, share } = kind;
  const counted = hits !== undefined && share !== undefined;
  const about = kind.exact === false ? '~' : '';
  return (
    <>
      <td className="llmsec-kind" title={visible(kind.rule)}>
        {kind.words}
        {kind.country && ` (${visible(kind.country)})`}
        {counted && <Bar share={share} column={column} trans={trans} />}
        {leads && <Note note={column.note} />}
      </td>
      <td className="llmsec-number">
        {counted && trans.__('%1 of %2', about + shown(hits), shown(present(column)))}
      </td>
      <td className="llmsec-number">{leads && shown(column.distinct)}</td>
      <td>
        {kind.masked.slice(0, SAMPLES).map((mask, at) => (
          <code key={at} className="llmsec-evidence">
            {visible(mask)}
          </code>
        ))}
      </td>
      <td>{confidenceName(kind.confidence, trans)}</td>
      <td>{severityName(kind.severity, trans)}</td>
    </>
  );
}

function Note({ note }: { note: string | undefined }): React.JSX.Element | null {
  return note ? <div className="llmsec-note">{visible(note)}</div> : null;
}

interface IBarProps {
  share: number;
  column: ColumnReport;
  trans: TranslationBundle;
}

/** The share in words is read once: by the label, where there is an ear for it. */
function Bar({ share, column, trans }: IBarProps): React.JSX.Element {
  // Missing values do not count, and a row may hold several values or none in a list.
  const ofValues = column.nulls > 0 || /\[\]|\{\}/.test(column.path);
  const label = ofValues
    ? trans.__('%1 of values', percent(share))
    : trans.__('%1 of rows', percent(share));
  return (
    <div className="llmsec-share">
      <div className="llmsec-bar" role="img" aria-label={label} title={label}>
        <div style={{ width: `${share && Math.max(2, Math.round(100 * share))}%` }} />
      </div>
      <span aria-hidden="true">{percent(share)}</span>
    </div>
  );
}

function RiskView({ risk, trans }: { risk: Risk; trans: TranslationBundle }): React.JSX.Element {
  const { traits, estimated } = risk;
  const about = (share: number) =>
    estimated ? trans.__('about %1', percent(share)) : percent(share);
  const smallest = estimated ? trans.__('at most %1', shown(risk.smallest)) : shown(risk.smallest);
  return (
    <div className="llmsec-risk">
      <p>
        <b>{trans.__('Re-identification')}</b>{' '}
        {trans._n(
          '%1 column alone singles out %2 of rows; smallest group %3',
          '%1 columns together single out %2 of rows; smallest group %3',
          traits.length,
          about(risk.unique),
          smallest
        )}
        {'. '}
        {trans.__('%1 share their values with fewer than 4 others.', about(risk.below_five))}
      </p>
      <ul>
        {traits.map(({ path, distinct, unique }, at) => (
          <li key={at}>
            <code>{visible(path)}</code>{' '}
            {trans._n(
              '%1 value, %2 of rows alone in it',
              '%1 values, %2 of rows alone in it',
              distinct,
              percent(unique)
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface IMoreProps {
  left: number;
  onMore: () => void;
  trans: TranslationBundle;
}

function More({ left, onMore, trans }: IMoreProps): React.JSX.Element | null {
  return left > 0 ? (
    <button type="button" className="llmsec-button llmsec-more" onClick={onMore}>
      {trans._n('Show %1 more', 'Show %1 more', Math.min(left, STEP))}
    </button>
  ) : null;
}

/** The columns, the worst first; those without findings last, as they stand in the table. */
function rowsOf(props: IProps & { table: TableReport }): IRow[] {
  const { table, settings } = props;
  const wanted = settings.values.severities;
  const rows = table.columns.map((column, at) => {
    const kinds = kindsOf(column, props).filter(({ severity }) => wanted.includes(severity));
    return { at, column, kinds };
  });
  return rows.sort((a, b) => compared(rank(a), rank(b)));
}

/** Unsure ones after all others, then by severity, confidence, share. */
function rank({ kinds, at }: IRow): number[] {
  const ranks = kinds.map(({ severity, confidence, share = 0 }) => [
    confidence === 'low' ? 1 : 0,
    SEVERITIES.indexOf(severity),
    CONFIDENCES.indexOf(confidence),
    -share
  ]);
  return [...(ranks.sort(compared)[0] ?? [2, 0, 0, 0]), at];
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
}

/** What the report says of a column, and what was found in it besides, such as a secret. */
function kindsOf(column: ColumnReport, props: IProps & { table: TableReport }): IKind[] {
  const { table, found, rules } = props;
  const kinds: IKind[] = [];
  const words = (rule: string, name: string) =>
    rules.get(rule)?.summary.replace(/ in clear text$/, '') ?? visible(name || rule);
  const { severity, confidence, kind = '', rule = '', country = '', masked = [] } = column;
  if (severity && confidence) {
    const { hits = 0, share = 0, exact } = column;
    const counts = { hits, share, exact };
    kinds.push({
      rule,
      severity,
      confidence,
      country,
      masked,
      words: words(rule, kind),
      ...counts
    });
  }
  for (const { country: place = '', masked: masks = [], ...also } of column.also ?? []) {
    const share = Math.min(1, also.hits / Math.max(1, present(column)));
    const told = { country: place, masked: masks, words: words(also.rule, also.kind), share };
    kinds.push({ ...also, ...told });
  }
  for (const { finding } of found) {
    const { location } = finding;
    const here =
      location.type === 'column' &&
      (location.path ?? '') === table.name &&
      location.column_name === column.path;
    if (here && !kinds.some(known => known.rule === finding.rule)) {
      const told = { country: '', masked: [finding.evidence.masked] };
      kinds.push({ ...finding, ...told, words: words(finding.rule, finding.name) });
    }
  }
  return kinds;
}

function present({ rows, nulls }: ColumnReport): number {
  return Math.max(0, rows - nulls);
}

/** How many rows, and of how many where not all were seen. */
function seen({ rows, rows_seen, complete }: TableReport, trans: TranslationBundle): string {
  if (complete || rows === null) {
    return trans._n('%2 row', '%2 rows', rows_seen, shown(rows_seen));
  }
  return trans._n('%2 of %3 row', '%2 of %3 rows', rows, shown(rows_seen), shown(rows));
}

function shown(number: number): string {
  return number.toLocaleString();
}

function find(node: HTMLElement | null, column: string): HTMLElement | null {
  return node?.querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"]`) ?? null;
}

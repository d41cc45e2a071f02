/** Findings, cells and a notebook, made up for tests. */

import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { vi } from 'vitest';
import type { ILocated, INotebookFindings, IProblem, IScanState } from '../tokens';
import type {
  Alert,
  ColumnReport,
  DataReport,
  Edit,
  Finding,
  Fix,
  Rule,
  TableReport
} from '../wire';

/** English as it is written in the source. */
export const trans = {
  __: filled,
  _n: (one: string, many: string, count: number, ...args: unknown[]) =>
    filled(count === 1 ? one : many, count, ...args)
} as unknown as TranslationBundle;

function filled(text: string, ...args: unknown[]): string {
  return text.replace(/%(\d)/g, (_, number: string) => String(args[Number(number) - 1]));
}

let made = 0;

export function finding(change: Partial<Finding> = {}): Finding {
  const number = ++made;
  return {
    rule: 'SEC999',
    name: 'Made up',
    family: 'secret',
    severity: 'high',
    confidence: 'high',
    message: 'A made up token',
    location: { type: 'cell', line: 0, column: 0, end_line: 0, end_column: 4 },
    evidence: { masked: 'ab***yz', digest: 'd' },
    fingerprint: `f${number}`,
    ...change
  };
}

/** A finding at a place in the source of a cell. */
export function at(line: number, column: number, change: Partial<Finding> = {}): Finding {
  const location = { type: 'cell' as const, line, column, end_line: line, end_column: column + 1 };
  return finding({ location, ...change });
}

export function located(
  change: Partial<Finding> = {},
  cell: ICellModel | null = null,
  pushed = false
): ILocated {
  return { finding: finding(change), cell, pushed };
}

export function edit(start: number, end: number, replacement: string): Edit {
  return { start, end, replacement };
}

/** A column of a hundred rows in which nothing was found. */
export function column(change: Partial<ColumnReport> = {}): ColumnReport {
  return {
    path: 'column',
    dtype: 'string',
    form: 'text',
    rows: 100,
    nulls: 0,
    distinct: 7,
    ...change
  };
}

export function table(change: Partial<TableReport> = {}): TableReport {
  return { name: 'df', rows: 100, rows_seen: 100, complete: true, columns: [], ...change };
}

export function alert(change: Partial<Alert> = {}): Alert {
  return {
    id: 'T1',
    rule: 'POI101',
    detector: 'inserted-trigger',
    severity: 'high',
    confidence: 'high',
    message: '"cf" is in 50 rows, 49 of them labelled 1',
    columns: ['text'],
    fingerprint: 'f1',
    rows: 50,
    ...change
  };
}

export function dataReport(change: Partial<DataReport> = {}): DataReport {
  return { name: 'df', rows: 1000, complete: true, roles: { text: 'text' }, ...change };
}

export function fix(kind: Fix['kind'], change: Partial<Fix> = {}): Fix {
  return { kind, description: `${kind} it`, edits: [edit(0, 1, '*')], ...change };
}

export function rule(change: Partial<Rule> = {}): Rule {
  return {
    id: 'SEC999',
    name: 'Made up',
    family: 'secret',
    summary: 'A summary',
    why: 'Because of this',
    remediation: 'Do that',
    severity: 'high',
    confidence: 'high',
    ...change
  };
}

/** The part of a cell's model that the extension uses. */
export class FakeCell {
  constructor(
    readonly id: string,
    public source: string,
    readonly type = 'code'
  ) {}

  readonly contentChanged = new Signal<this, void>(this);
  readonly metadataChanged = new Signal<this, void>(this);
  readonly sharedModel = { getSource: (): string => this.source };
  tags: string[] | undefined;
  executionCount: number | null = null;
  isDirty = false;

  getMetadata(key: string): unknown {
    return key === 'tags' ? this.tags : undefined;
  }

  toJSON(): object {
    return { cell_type: this.type, id: this.id, source: this.source };
  }

  write(source: string): void {
    this.source = source;
    this.contentChanged.emit();
  }

  get model(): ICellModel {
    return this as unknown as ICellModel;
  }
}

/** The part of a notebook's panel that the extension uses. */
export class FakePanel {
  constructor(public cells: FakeCell[]) {}

  readonly cellsChanged = new Signal<this, void>(this);
  readonly metadataChanged = new Signal<this, void>(this);
  metadata: object = { kernelspec: { name: 'python3' } };
  readonly content = {
    mode: 'command',
    activeCell: null as { model: ICellModel } | null,
    activeCellChanged: new Signal<object, void>({}),
    stateChanged: new Signal<object, void>({})
  };

  /** Put the cursor into a cell, or into none. */
  enter(cell: FakeCell | null): void {
    this.content.mode = cell ? 'edit' : 'command';
    this.content.activeCell = cell && { model: cell.model };
    this.content.stateChanged.emit();
  }

  /** Give the notebook other cells. */
  replace(cells: FakeCell[]): void {
    this.cells = cells;
    this.cellsChanged.emit();
  }

  get panel(): NotebookPanel {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the iterator has its own `this`
    const fake = this;
    const model = {
      cells: {
        changed: this.cellsChanged,
        [Symbol.iterator]: () => fake.cells[Symbol.iterator]()
      },
      metadataChanged: this.metadataChanged,
      sharedModel: { getMetadata: () => this.metadata }
    };
    return {
      isDisposed: false,
      revealed: Promise.resolve(),
      context: { path: 'work/a.ipynb' },
      content: Object.assign(this.content, { model })
    } as unknown as NotebookPanel;
  }
}

export const DONE: IScanState = {
  phase: 'done',
  channel: 'server',
  finished: new Date(2026, 0, 2, 3, 4, 5),
  elapsed: 12.4,
  error: ''
};

/** Findings that stand still. */
export function stillFindings(
  all: ILocated[] = [],
  state: Partial<IScanState> = {},
  problems: IProblem[] = [],
  tables: TableReport[] = [],
  data: DataReport[] = []
): INotebookFindings {
  return {
    panel: new FakePanel([]).panel,
    state: { ...DONE, ...state },
    suppressed: all.filter(({ finding: { suppression } }) => suppression).length,
    lowConfidence: 0,
    all: () => all,
    isFresh: () => true,
    problems: () => problems,
    tables: () => tables,
    data: () => data,
    of: (cell: ICellModel) => all.filter(located => located.cell === cell),
    rescan: vi.fn(() => Promise.resolve()),
    settled: () => Promise.resolve()
  } as unknown as INotebookFindings;
}

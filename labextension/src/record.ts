import type { ICellModel } from '@jupyterlab/cells';
import { CellCode } from './code';
import type { CellReply, DataReport, Failure, Finding, Report, Skip, TableReport } from './wire';

let made = 0;

/** What is known of one cell. */
export class Record {
  /** The name of the cell in requests: ids may be equal in two notebooks. */
  readonly key = `c${++made}`;
  /** Grows with each change of the cell. */
  version = 1;
  /** The version that `server` is about. */
  judged = 0;
  findings: readonly Finding[] = [];
  problems: readonly (Failure | Skip)[] = [];
  lowConfidence = 0;
  /** What is said of its code, as a part of the whole. */
  readonly code = new CellCode();

  /** Take a reply, unless the cell has changed since the request was sent. */
  accept(reply: CellReply, version: number): boolean {
    if (version !== this.version) {
      return false;
    }
    this.judged = version;
    this.findings = reply.findings ?? [];
    this.problems = [...(reply.failures ?? []), ...(reply.skips ?? [])];
    this.lowConfidence = reply.low_confidence ?? 0;
    return true;
  }

  /** Note that the cell could not be scanned. */
  refuse(problem: Failure, version: number): void {
    this.accept({ key: this.key, findings: [], failures: [problem] }, version);
  }

  /** Findings that the kernel pushed, in place of those of the same source. */
  push(source: string, findings: readonly Finding[]): void {
    if (findings.length) {
      this._pushed.set(source, findings);
    } else {
      this._pushed.delete(source);
    }
  }

  /** Newer word on some tables has come: what was said of their columns is gone. */
  outdate(tables: ReadonlySet<string>): void {
    for (const [source, findings] of this._pushed) {
      this.push(
        source,
        findings.filter(({ location }) => {
          return location.type !== 'column' || !tables.has(location.path ?? '');
        })
      );
    }
  }

  /** The cell was edited: what the kernel said of its text is stale. */
  edit(cell: ICellModel | null = null): void {
    this.version++;
    if (cell) {
      this.code.edit(cell);
    }
    for (const [source, findings] of this._pushed) {
      this.push(
        source,
        findings.filter(({ location }) => location.type !== 'cell' && location.type !== 'output')
      );
    }
  }

  /** Forget what the kernel said. */
  restart(): boolean {
    const had = this._pushed.size > 0;
    this._pushed.clear();
    return had;
  }

  /** All findings of a cell in the order of the document, and what only the kernel said of it. */
  found(): { own: readonly Finding[]; pushed: Finding[] } {
    const code = this.code.findings;
    const own = code.length ? [...this.findings, ...code].sort(inOrder) : this.findings;
    if (!this._pushed.size) {
      return { own, pushed: [] };
    }
    const known = new Set(own.map(place));
    const pushed = [...this._pushed.values()].flat().filter(finding => !known.has(place(finding)));
    return { own, pushed };
  }

  private _pushed = new Map<string, readonly Finding[]>();
}

/** Those in the source come first, by their places; the others stay as they are. */
function inOrder({ location: a }: Finding, { location: b }: Finding): number {
  const [first, second] = [a.type === 'cell', b.type === 'cell'];
  return first && second ? a.line - b.line || a.column - b.column : Number(second) - Number(first);
}

/** The same words for the same finding, whoever made it. */
function place({ rule, location }: Finding): string {
  const output = location.type === 'output' ? [location.output, location.mime] : [];
  const column = location.type === 'column' ? [location.path, location.column_name] : [];
  return [rule, location.type, location.line, location.column, ...output, ...column].join('|');
}

/** What the kernel said of data: tables, and what of the data could not be read. */
export class Tables {
  /** Take a report in place of the last one of its source, and of older ones on the same tables. */
  push(source: string, report: Report): void {
    const { failures = [], skips = [] } = report;
    const byName = new Map((report.tables ?? []).map(table => [table.name, table]));
    const tables = [...byName.values()];
    const data = [...new Map((report.data ?? []).map(one => [one.name, one])).values()];
    const scanned = new Set(data.map(({ name }) => name));
    this._said.delete(source);
    for (const said of this._said.values()) {
      said.tables = said.tables.filter(({ name }) => !byName.has(name));
      said.data = said.data.filter(({ name }) => !scanned.has(name));
      said.problems = said.problems.filter(({ path }) => !byName.has(path) && !scanned.has(path));
    }
    this._said.set(source, {
      tables,
      data,
      problems: [...tables.flatMap(({ problems }) => problems ?? []), ...failures, ...skips]
    });
  }

  /** The newest first. */
  get all(): TableReport[] {
    return this._newest.flatMap(({ tables }) => tables);
  }

  /** What was said of training data, the newest first. */
  get data(): DataReport[] {
    return this._newest.flatMap(({ data }) => data);
  }

  /** Each once: a report repeats among its failures what it says of a table. */
  get problems(): (Failure | Skip)[] {
    const all = this._newest.flatMap(({ problems }) => problems);
    return [...new Map(all.map(each => [`${each.path}|${each.message}`, each])).values()];
  }

  clear(): void {
    this._said.clear();
  }

  private get _newest(): ISaid[] {
    return [...this._said.values()].reverse();
  }

  private _said = new Map<string, ISaid>();
}

interface ISaid {
  tables: readonly TableReport[];
  data: readonly DataReport[];
  problems: readonly (Failure | Skip)[];
}

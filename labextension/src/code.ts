/** The code of one cell: what of it is sent, and what is said of it, where that is by now. */

import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import { change, moved } from './places';
import type { CellReply, CodeInput, Failure, Finding, Skip } from './wire';

type Content = Omit<CodeInput, 'key' | 'index'>;

export class CellCode {
  problems: readonly (Failure | Skip)[] = [];

  /** What is sent of the cell. Kept until it is edited: of a thousand cells few are. */
  of(cell: ICellModel): Content {
    return (this._content ??= content(cell));
  }

  /** The cell was edited: one edit at a time is followed, since each is small. */
  edit(cell: ICellModel): void {
    this._content = null;
    if (this._findings.length) {
      this._follow(this.of(cell).source);
    }
  }

  /** Take a reply on a source, unless the cell has another one by now; whether it tells news. */
  accept(cell: ICellModel, source: string, reply?: CellReply): boolean {
    if (this.of(cell).source !== source) {
      return false;
    }
    const before = [this._shown, this.problems];
    this._source = source;
    this._findings = reply?.findings ?? [];
    this._shown = this._findings;
    this._shownIn = source;
    this.problems = [...(reply?.failures ?? []), ...(reply?.skips ?? [])];
    return !same(before, [this._shown, this.problems]);
  }

  /** Whether what is said is about the source as it is now. */
  isFresh(cell: ICellModel): boolean {
    return !this._findings.length || this.of(cell).source === this._source;
  }

  /** What is said, at the places where it is now: marks stay while the next answer is awaited. */
  get findings(): readonly Finding[] {
    return this._shown;
  }

  private _follow(source: string): void {
    const before = this._shownIn;
    if (source === this._source) {
      this._shown = this._findings;
    } else if (source !== before) {
      const edit = change(before, source);
      this._shown = this._shown.flatMap(finding => {
        const location = moved(finding.location, before, source, edit);
        return location ? [{ ...finding, location }] : [];
      });
    }
    this._shownIn = source;
  }

  private _content: Content | null = null;
  private _findings: readonly Finding[] = [];
  private _source = '';
  private _shown: readonly Finding[] = [];
  private _shownIn = '';
}

function content(cell: ICellModel): Content {
  const tags = cell.getMetadata('tags') as unknown;
  return {
    source: cell.sharedModel.getSource(),
    id: cell.id,
    execution: (cell as Partial<ICodeCellModel>).executionCount ?? null,
    tags: Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : []
  };
}

/** Whether two messages say the same: nothing is drawn again for that. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

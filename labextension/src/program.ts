/** The code of a notebook as one program: when it is judged, and what is said of it as a whole. */

import type { ICellModel } from '@jupyterlab/cells';
import type { IDisposable } from '@lumino/disposable';
import type { IScanner } from './client';
import { ScanFailed, ScannerMissing } from './client';
import { same } from './code';
import { Quiet } from './quiet';
import type { Record } from './record';
import type { Channel } from './tokens';
import type { CellReply, CodeInput, Failure, ScanReply, ScanRequest, Skip } from './wire';

/** What the code of a notebook needs of its surroundings. */
export interface IProgramOptions {
  /** The cells of the notebook, in order. */
  cells: () => [ICellModel, Record][];
  scanners: () => { channel: Channel; scanner: IScanner }[];
  /** The path of the notebook as a scanner knows it. */
  path: (channel: Channel) => string;
  /** What is known of where the code runs. */
  around: () => Pick<ScanRequest, 'environment' | 'language' | 'python'>;
  /** In milliseconds. */
  quietPeriod: () => number;
  /** Of one request. */
  maxBytes: () => number;
  /** Resolves when no cell is being judged by itself: whether they all could be. */
  ready: () => Promise<boolean>;
  /** Called with the cells of which something else is said than before, and the policy in force. */
  judged: (cells: ICellModel[], policy: string | null, news: boolean) => void;
}

interface ISent {
  cell: ICellModel;
  record: Record;
  input: CodeInput;
}

/** Characters that a cell takes beside its source. */
const MEMBERS = 100;
/** In milliseconds, as what follows. */
const LONGEST_PAUSE = 2000;
const RETRY = 2000;
const LONGEST_RETRY = 30000;
const REMEDY = 'save the notebook and run llmsec check on it';

/**
 * Names are followed from cell to cell, so all code is judged together: after the cells that were
 * edited, at most half of the time, and never twice at once.
 */
export class Program implements IDisposable {
  constructor(private _options: IProgramOptions) {
    this._quiet = new Quiet(
      () => this._judge(),
      () => Math.max(_options.quietPeriod(), Math.min(2 * this._took, LONGEST_PAUSE))
    );
  }

  get isDisposed(): boolean {
    return this._quiet.isDisposed;
  }

  /** Whether it was judged once, or could not be. */
  get isKnown(): boolean {
    return this._known;
  }

  /** What could not be read, of the code as a whole. */
  get problems(): readonly (Failure | Skip)[] {
    return this._problems;
  }

  get lowConfidence(): number {
    return this._lowConfidence;
  }

  /** Something may have changed. */
  touch(): void {
    this._quiet.touch();
  }

  /** Judge it anew, changed or not. */
  renew(): void {
    this._last = null;
    this._quiet.touch();
  }

  /** Judge it now; resolves when all changes until now are judged. */
  flush(): Promise<void> {
    return this._quiet.flush();
  }

  dispose(): void {
    this._quiet.dispose();
    clearTimeout(this._retry);
  }

  private async _judge(): Promise<void> {
    clearTimeout(this._retry);
    const ready = await this._options.ready();
    const sent = ready ? this._collected() : [];
    const order = ran(sent);
    if (this.isDisposed || !ready || this._isLast(sent, order)) {
      return;
    }
    const begin = performance.now();
    if (!sent.length) {
      this._options.judged([], null, this._tell([], 0));
    }
    const problem = !sent.length
      ? null
      : this._isTooLarge(sent)
        ? new ScanFailed('it is too large to be scanned live', true)
        : await this._send(sent);
    if (this.isDisposed) {
      return;
    }
    this._took = performance.now() - begin;
    if (problem) {
      this._fail(problem, sent);
    } else {
      this._failed = 0;
    }
    const asked = !problem || (problem instanceof ScanFailed && problem.refused);
    // Who edits a cell while it is judged, and takes that back, is not answered yet.
    const current = sent.every(({ cell, record, input }) => {
      return record.code.of(cell).source === input.source;
    });
    this._last = asked && current ? { sent, order } : null;
  }

  private _collected(): ISent[] {
    const found: ISent[] = [];
    this._options.cells().forEach(([cell, record], index) => {
      if (cell.type !== 'code') {
        return;
      }
      const input = { key: record.key, index, ...record.code.of(cell) };
      if (!this._isTooLarge([{ input }])) {
        found.push({ cell, record, input }); // of one that is, the notebook says so
      }
    });
    return found;
  }

  /** Whether the same was sent last time, in the same order. */
  private _isLast(sent: ISent[], order: string): boolean {
    const last = this._last;
    return (
      last !== null &&
      last.order === order &&
      last.sent.length === sent.length &&
      last.sent.every(({ record, input }, at) => {
        const now = sent[at].input;
        return (
          record === sent[at].record &&
          input.index === now.index &&
          input.source === now.source &&
          input.tags?.join('\n') === now.tags?.join('\n')
        );
      })
    );
  }

  /** A character takes up to three bytes, or six when it is escaped; most take one. */
  private _isTooLarge(sent: Pick<ISent, 'input'>[]): boolean {
    const size = sent.reduce((sum, { input }) => sum + input.source.length + MEMBERS, 0);
    return size * 1.5 >= this._options.maxBytes();
  }

  /** Returns what went wrong if nobody could judge it. */
  private async _send(sent: ISent[]): Promise<Error | null> {
    const code = sent.map(({ input }) => input);
    let problem: Error = new ScannerMissing();
    for (const { channel, scanner } of this._options.scanners()) {
      try {
        const path = this._options.path(channel);
        const reply = await scanner.scan({ path, code, ...this._options.around() });
        this._accept(sent, reply);
        return null;
      } catch (error) {
        problem = error instanceof Error ? error : new Error(String(error));
        if (error instanceof ScanFailed && error.refused) {
          return problem;
        }
      }
    }
    return problem;
  }

  /** Take a reply; of a cell that has been edited since, what is known of it stays. */
  private _accept(sent: ISent[], reply: ScanReply): void {
    if (this.isDisposed) {
      return;
    }
    if (!reply.code) {
      throw new ScanFailed('the scanner did not answer for it');
    }
    const answers = new Map(reply.code.map(answer => [answer.key, answer]));
    const whole: CellReply = answers.get('') ?? { key: '' };
    const problems = [...(whole.failures ?? []), ...(whole.skips ?? [])];
    const news = this._tell(problems, whole.low_confidence ?? 0);
    const changed = sent
      .filter(({ cell, record, input }) =>
        record.code.accept(cell, input.source, answers.get(record.key))
      )
      .map(({ cell }) => cell);
    this._options.judged(changed, reply.policy ?? '', news || changed.length > 0);
  }

  private _fail(problem: Error, sent: ISent[]): void {
    if (problem instanceof ScannerMissing) {
      this._tell([], 0); // the notebook says of itself that nobody can judge it
    } else {
      const refused = problem instanceof ScanFailed && problem.refused;
      const message = `the code as a whole was not scanned: ${problem.message}`;
      const failure = { path: '', message, ...(refused ? { remedy: REMEDY } : {}) };
      this._tell([failure], this._lowConfidence);
      if (refused) {
        sent.forEach(({ cell, record, input }) => record.code.accept(cell, input.source));
      } else {
        const delay = Math.min(RETRY * 2 ** this._failed++, LONGEST_RETRY);
        this._retry = setTimeout(() => this._quiet.touch(), delay);
      }
    }
    this._options.judged(
      sent.map(({ cell }) => cell),
      null,
      true
    );
  }

  /** Whether that is news. */
  private _tell(problems: readonly (Failure | Skip)[], lowConfidence: number): boolean {
    const news =
      !this._known || lowConfidence !== this._lowConfidence || !same(problems, this._problems);
    this._known = true;
    this._problems = problems;
    this._lowConfidence = lowConfidence;
    return news;
  }

  private _quiet: Quiet;
  private _last: { sent: ISent[]; order: string } | null = null;
  private _known = false;
  private _problems: readonly (Failure | Skip)[] = [];
  private _lowConfidence = 0;
  private _took = 0;
  private _failed = 0;
  private _retry: ReturnType<typeof setTimeout> | undefined;
}

/** The order in which the cells ran last, where it is known and not the one in which they stand. */
function ran(sent: readonly ISent[]): string {
  const counts = sent.map(({ input }) => input.execution ?? null);
  if (counts.some((count, at) => count !== null && at > 0 && count < (counts[at - 1] ?? count))) {
    const order = [...sent].sort((a, b) => (a.input.execution ?? 0) - (b.input.execution ?? 0));
    return counts.includes(null) ? '' : order.map(({ input }) => input.key).join(' ');
  }
  return '';
}

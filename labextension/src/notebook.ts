/** The findings of one open notebook: watches its cells, has them judged, keeps the answers. */

import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { PathExt } from '@jupyterlab/coreutils';
import type { JSONObject } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { batches, weigh } from './batches';
import type { IScanner } from './client';
import { ScanFailed, ScannerMissing } from './client';
import { Program } from './program';
import type { IPackages } from './kernel';
import { Quiet } from './quiet';
import { Record, Tables } from './record';
import type { Channel, ILocated, INotebookFindings, IProblem, IScanState } from './tokens';
import type {
  CellReply,
  DataReport,
  Failure,
  Finding,
  Push,
  ScanReply,
  ScanRequest,
  Skip,
  TableReport
} from './wire';

/** Who can judge at this moment, best first. */
export type Scanners = () => { channel: Channel; scanner: IScanner }[];

/** What a notebook needs of its surroundings. */
export interface INotebookOptions {
  panel: NotebookPanel;
  scanners: Scanners;
  /** In milliseconds. */
  quietPeriod: () => number;
  /** Of one request. */
  maxBytes: () => number;
  /** Called with each cell whose findings may have changed. */
  notify: (cell: ICellModel) => void;
}

interface IItem {
  cell: ICellModel | null;
  record: Record;
  version: number;
  index: number;
  content: JSONObject;
  weight: number;
}

/** An output whose text may grow. */
interface IStreaming {
  readonly streamText?: { readonly changed: ISignal<object, unknown> };
}

const RETRY = 2000;
const LONGEST_RETRY = 30000;
const FRAME = 16;
/** Characters of a version of Python. */
const LONGEST_VERSION = 40;
/** What a source begins with that is about data, and not about the document. */
const DATA = 'data:';

export class NotebookFindings implements INotebookFindings {
  constructor(private _options: INotebookOptions) {
    this.panel = _options.panel;
    this._quiet = new Quiet(() => this._judge(), _options.quietPeriod);
    this._program = new Program({
      ..._options,
      cells: () => this._cells(),
      path: channel => this._pathFor(channel),
      around: () => ({
        language: this.panel.content.model?.defaultKernelLanguage ?? '',
        python: this._python(),
        ...(this._packages ? { environment: this._packages } : {})
      }),
      ready: async () => {
        await this._quiet.idle();
        return this._state.phase === 'scanning' || this._state.phase === 'done';
      },
      judged: (cells, policy, news) => this._onProgram(cells, policy, news)
    });
    void this.panel.revealed.then(() => this._start());
  }

  readonly panel: NotebookPanel;

  get changed(): ISignal<INotebookFindings, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  get state(): IScanState {
    return this._state;
  }

  get suppressed(): number {
    return this.all().filter(({ finding }) => finding.suppression).length;
  }

  get lowConfidence(): number {
    const own = this._entries().reduce((sum, [, record]) => sum + record.lowConfidence, 0);
    return own + this._program.lowConfidence;
  }

  all(): ILocated[] {
    return this._entries().flatMap(([cell, record]) => located(cell, record));
  }

  of(cell: ICellModel): readonly ILocated[] {
    const record = this._records.get(cell);
    return record ? located(cell, record) : [];
  }

  problems(): IProblem[] {
    const all = [...this._problems, ...this._program.problems];
    const whole = all.map(failure => ({ cell: null, failure }));
    const single = this._entries().flatMap(([cell, record]) =>
      [...record.problems, ...this._unread(cell, record)].map(failure => ({ cell, failure }))
    );
    const data = this._tables.problems.map(failure => ({ cell: null, failure, data: true }));
    return [...whole, ...data, ...single];
  }

  tables(): readonly TableReport[] {
    return this._tables.all;
  }

  data(): readonly DataReport[] {
    return this._tables.data;
  }

  async rescan(): Promise<void> {
    this._renew();
    await this.settled();
  }

  async settled(): Promise<void> {
    await this._quiet.flush();
    await this._program.flush();
  }

  isFresh(cell: ICellModel | null): boolean {
    const record = cell ? this._records.get(cell) : this._document;
    const judged = record !== undefined && record.judged === record.version;
    return judged && (!cell || record.code.isFresh(cell));
  }

  /** Take a report that the kernel pushed. */
  push({ source, report, cells, executed }: Push): void {
    const { findings = [], tables = [], data = [] } = report;
    const named = new Set(cells ?? []);
    const outdated = executed && this._state.phase === 'done';
    // Of the document a scan of it knows better what could not be read.
    this._tables.push(source, source.startsWith(DATA) ? report : { tables, data });
    this._document.outdate(
      new Set([...[...tables, ...data].map(({ name }) => name), ...tablesOf(findings)])
    );
    for (const [cell, record] of this._entries()) {
      const id = cell?.id;
      if (named.size && !(id && named.has(id))) {
        continue;
      }
      const found = findings.filter(({ family, location }) => {
        if (outdated && (location.type === 'cell' || location.type === 'output')) {
          // The document is judged as it is; what is installed the kernel alone knows.
          if (family !== 'dependency' || (cell as Partial<ICodeCellModel> | null)?.isDirty) {
            return false;
          }
        }
        const owner = 'cell_id' in location ? location.cell_id : null;
        return cell ? owner === cell.id : !owner;
      });
      record.push(source, found);
      this._tell(cell);
    }
    this._announce();
  }

  /** Which packages the kernel has: the rules for packages go by them. */
  installed(packages: IPackages | null): void {
    const told = JSON.stringify(packages);
    if (told !== JSON.stringify(this._packages)) {
      this._packages = packages;
      this._program.renew();
    }
  }

  /** The kernel is gone, and with it what it said. */
  restarted(): void {
    this._tables.clear();
    for (const [cell, record] of this._entries()) {
      if (record.restart()) {
        this._tell(cell);
      }
    }
    this._announce();
  }

  /** Whether a cell is one of this notebook's. */
  knows(cell: ICellModel): boolean {
    return this._records.has(cell);
  }

  /** Have everything shown again: a setting or the rules have changed. */
  refresh(): void {
    this._entries().forEach(([cell]) => this._tell(cell));
    this._announce();
  }

  /** Somebody who can scan has come or gone. */
  reconsider(): void {
    if (this._state.phase !== 'done') {
      this._quiet.touch();
    }
  }

  dispose(): void {
    if (this._disposed) {
      return;
    }
    this._disposed = true;
    this._quiet.dispose();
    this._program.dispose();
    clearTimeout(this._timer);
    clearTimeout(this._retry);
    Signal.clearData(this);
  }

  private _start(): void {
    const model = this._model;
    if (!model || this._disposed) {
      return;
    }
    model.cells.changed.connect(this._onCells, this);
    model.metadataChanged.connect(this._onMetadata, this);
    const { content } = this.panel;
    content.activeCellChanged.connect(this._announce, this);
    content.stateChanged.connect(this._announce, this);
    this._started = true;
    this._onCells();
    void this.settled(); // nobody types yet: no need for quiet
  }

  private get _model(): INotebookModel | null {
    return this.panel.isDisposed ? null : this.panel.content.model;
  }

  private _onCells(): void {
    for (const cell of this._model?.cells ?? []) {
      if (!this._records.has(cell)) {
        this._records.set(cell, new Record());
        cell.contentChanged.connect(this._onContent, this);
        cell.metadataChanged.connect(this._onContent, this);
        this._followStreams(cell);
        this._quiet.touch();
      }
    }
    this._program.touch();
    this._announce();
  }

  private _onContent(cell: ICellModel): void {
    this._records.get(cell)?.edit(cell);
    this._quiet.touch();
    this._followStreams(cell);
  }

  /** Text that is appended to a stream is no change of the content, says JupyterLab. */
  private _followStreams(cell: ICellModel): void {
    const { outputs } = cell as Partial<ICodeCellModel>;
    for (let index = 0; index < (outputs?.length ?? 0); index++) {
      const text = (outputs?.get(index) as IStreaming | undefined)?.streamText;
      if (text && !this._streams.has(text)) {
        this._streams.set(text, cell);
        text.changed.connect(this._onStream, this);
      }
    }
  }

  private _onStream(text: object): void {
    const cell = this._streams.get(text);
    if (cell) {
      this._records.get(cell)?.edit();
      this._quiet.touch();
    }
  }

  private _onMetadata(): void {
    this._document.edit();
    this._quiet.touch();
  }

  /** The notebook itself (null) and its cells, in order. */
  private _entries(): [ICellModel | null, Record][] {
    const found: [ICellModel | null, Record][] = [[null, this._document]];
    for (const cell of this._started ? (this._model?.cells ?? []) : []) {
      const record = this._records.get(cell);
      if (record) {
        found.push([cell, record]);
      }
    }
    return found;
  }

  private _cells(): [ICellModel, Record][] {
    return this._entries().filter((entry): entry is [ICellModel, Record] => entry[0] !== null);
  }

  /** What of its code could not be read; while people type there it is no news. */
  private _unread(cell: ICellModel | null, record: Record): readonly (Failure | Skip)[] {
    const { mode, activeCell } = this.panel.content;
    const typed = cell !== null && mode === 'edit' && activeCell?.model === cell;
    return typed ? [] : record.code.problems;
  }

  private _onProgram(cells: ICellModel[], policy: string | null, news: boolean): void {
    cells.forEach(cell => this._tell(cell));
    if (policy !== null) {
      this._follow(policy);
    }
    if (this._state.phase === 'scanning' && this._state.finished) {
      this._set({ phase: 'done' });
    } else if (news) {
      this._announce();
    }
  }

  /** Have everything judged anew. */
  private _renew(): void {
    this._entries().forEach(([, record]) => record.version++);
    this._quiet.touch();
    this._program.renew();
  }

  /** Everything is judged anew when another configuration is in force. */
  private _follow(policy: string): void {
    if (this._policy && this._policy !== policy) {
      this._renew();
    }
    this._policy = policy;
  }

  /** The version of the kernel's language, as the notebook says it. */
  private _python(): string {
    const version: unknown = this._model?.sharedModel.getMetadata().language_info?.version;
    return typeof version === 'string' ? version.slice(0, LONGEST_VERSION) : '';
  }

  /** Have everything judged that has changed; whatever goes wrong is said and tried again. */
  private async _judge(): Promise<void> {
    clearTimeout(this._retry);
    try {
      await this._judgeChanges();
    } catch (error) {
      this._fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async _judgeChanges(): Promise<void> {
    const items = this._changedItems();
    if (!items.length && this._state.phase === 'error') {
      this._set({ phase: 'done', error: '' }); // what could not be judged is gone
    }
    if (!items.length || this._disposed) {
      return;
    }
    const begin = performance.now();
    if (this._state.phase !== 'done') {
      this._set({ phase: 'scanning' });
    }
    for (const batch of batches(items)) {
      const problem = await this._send(batch);
      if (problem || this._disposed) {
        this._fail(problem);
        return;
      }
    }
    this._failed = 0;
    const elapsed = performance.now() - begin;
    const phase = this._program.isKnown ? 'done' : 'scanning';
    this._set({ phase, finished: new Date(), elapsed, error: '' });
    this._program.touch();
    if (!this._program.isKnown) {
      void this._program.flush(); // until then nobody may think that nothing is found
    }
  }

  private _changedItems(): IItem[] {
    const items: IItem[] = [];
    this._entries().forEach(([cell, record], position) => {
      if (record.judged !== record.version) {
        const index = position - 1;
        try {
          const content = (cell ? cell.toJSON() : this._model?.sharedModel.getMetadata()) ?? {};
          items.push({
            cell,
            record,
            version: record.version,
            index,
            content: content as unknown as JSONObject,
            weight: weigh(content)
          });
        } catch {
          this._unreadable(cell, record, index);
        }
      }
    });
    return items;
  }

  /** One cell that cannot be read, being nested too deeply, must not hide the others. */
  private _unreadable(cell: ICellModel | null, record: Record, index: number): void {
    const message = 'not scanned: the cell is nested too deeply to be read';
    const remedy = 'save the notebook and run llmsec check on it';
    record.refuse({ path: this._path, message, remedy, cell: cell && index }, record.version);
    this._tell(cell);
  }

  /** Send a batch; returns what went wrong if nobody could judge it. */
  private async _send(batch: IItem[]): Promise<Error | null> {
    const fitting = batch.filter(item => !this._tooLarge(item));
    if (!fitting.length) {
      return null;
    }
    let problem: Error = new ScannerMissing();
    for (const { channel, scanner } of this._options.scanners()) {
      try {
        this._accept(await scanner.scan(this._request(fitting, channel)), fitting, channel);
        return null;
      } catch (error) {
        problem = error instanceof Error ? error : new Error(String(error));
        if (error instanceof ScanFailed && error.refused) {
          return this._isolate(fitting, error);
        }
      }
    }
    return problem;
  }

  private _tooLarge(item: IItem): boolean {
    const limit = this._options.maxBytes();
    // A character takes up to three bytes, or six when it is escaped; most take one.
    if (item.weight * 1.5 < limit) {
      return false;
    }
    const what = item.cell ? 'the cell with its outputs is' : 'the metadata of the notebook are';
    const message = `not scanned: ${what} too large to be scanned live`;
    const remedy = 'save the notebook and run llmsec check on it';
    const cell = item.cell && item.index;
    item.record.refuse({ path: this._path, message, remedy, cell }, item.version);
    this._tell(item.cell);
    return true;
  }

  /** One cell that is refused must not hide the others. */
  private async _isolate(batch: IItem[], error: ScanFailed): Promise<Error | null> {
    if (batch.length === 1) {
      const [{ record, version, cell, index }] = batch;
      const message = `not scanned: ${error.message}`;
      record.refuse({ path: this._path, message, cell: cell && index }, version);
      this._tell(cell);
      return null;
    }
    const half = batch.length >> 1;
    return (await this._send(batch.slice(0, half))) ?? (await this._send(batch.slice(half)));
  }

  private _request(batch: IItem[], channel: Channel): ScanRequest {
    const cells = batch.flatMap(({ cell, record, index, content }) =>
      cell ? [{ key: record.key, index, cell: content }] : []
    );
    const whole = batch.find(({ cell }) => cell === null);
    return { path: this._pathFor(channel), cells, metadata: whole ? whole.content : null };
  }

  private _pathFor(channel: Channel): string {
    return channel === 'server' ? this._path : PathExt.basename(this._path);
  }

  private get _path(): string {
    return this.panel.context.path;
  }

  private _accept(reply: ScanReply, batch: IItem[], channel: Channel): void {
    const answers = new Map((reply.cells ?? []).map(cell => [cell.key, cell]));
    for (const { cell, record, version, index } of batch) {
      const answer: CellReply | null | undefined = cell ? answers.get(record.key) : reply.notebook;
      if (answer) {
        record.accept(answer, version);
      } else if (cell) {
        const message = 'not scanned: the scanner did not answer for this cell';
        record.refuse({ path: this._path, message, cell: index }, version);
      } else {
        record.accept({ key: '' }, version);
      }
      this._tell(cell);
    }
    this._problems = [...(reply.failures ?? []), ...(reply.skips ?? [])];
    this._state = { ...this._state, channel };
    this._announce();
    this._follow(reply.policy ?? '');
  }

  private _fail(problem: Error | null): void {
    if (!problem || this._disposed) {
      return;
    }
    if (problem instanceof ScannerMissing) {
      this._set({ phase: 'missing', channel: null, error: '' });
      return;
    }
    this._set({ phase: 'error', error: problem.message });
    const delay = Math.min(RETRY * 2 ** this._failed++, LONGEST_RETRY);
    this._retry = setTimeout(() => this._quiet.touch(), delay);
  }

  private _set(change: Partial<IScanState>): void {
    this._state = { ...this._state, ...change };
    this._announce();
  }

  private _tell(cell: ICellModel | null): void {
    if (cell) {
      this._options.notify(cell);
    }
  }

  private _announce(): void {
    if (this._timer === undefined && !this._disposed) {
      this._timer = setTimeout(() => {
        this._timer = undefined;
        this._changed.emit();
      }, FRAME);
    }
  }

  private _quiet: Quiet;
  private _program: Program;
  private _packages: IPackages | null = null;
  private _records = new WeakMap<ICellModel, Record>();
  private _streams = new WeakMap<object, ICellModel>();
  private _document = new Record();
  private _tables = new Tables();
  private _problems: (Failure | Skip)[] = [];
  private _state: IScanState = {
    phase: 'idle',
    channel: null,
    finished: null,
    elapsed: 0,
    error: ''
  };
  private _policy = '';
  private _failed = 0;
  private _started = false;
  private _disposed = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _retry: ReturnType<typeof setTimeout> | undefined;
  private _changed = new Signal<this, void>(this);
}

/** The names of the tables that findings are in. */
function tablesOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ location }) =>
    location.type === 'column' ? [location.path ?? ''] : []
  );
}

function located(cell: ICellModel | null, record: Record): ILocated[] {
  const { own, pushed } = record.found();
  return [
    ...own.map(finding => ({ finding, cell, pushed: false })),
    ...pushed.map(finding => ({ finding, cell, pushed: true }))
  ];
}

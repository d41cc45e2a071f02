/** The findings of all open notebooks. */

import type { ICellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { ServerScanner } from './client';
import { ScannerMissing } from './client';
import { KernelLink } from './kernel';
import { NotebookFindings } from './notebook';
import type { Settings } from './settings';
import type { IFindings, INotebookFindings } from './tokens';
import type { Rule, Status } from './wire';

const REQUEST_BYTES = 32_000_000;
/** In milliseconds: for a server that was down. */
const ASK_AGAIN = 30_000;

export class FindingsHub implements IFindings {
  constructor(
    private _tracker: INotebookTracker,
    private _server: ServerScanner,
    private _settings: Settings
  ) {
    void this._greet();
    _tracker.widgetAdded.connect(this._onAdded, this);
    _tracker.forEach(panel => this._onAdded(_tracker, panel));
    _tracker.currentChanged.connect(this._onCurrent, this);
  }

  get current(): INotebookFindings | null {
    const panel = this._tracker.currentWidget;
    return (panel && this._notebooks.get(panel)) ?? null;
  }

  get currentChanged(): ISignal<this, INotebookFindings | null> {
    return this._currentChanged;
  }

  get added(): ISignal<this, INotebookFindings> {
    return this._added;
  }

  get rules(): ReadonlyMap<string, Rule> {
    return this._rules;
  }

  /** The version of the server extension; "" while there is none. */
  get serverVersion(): string {
    return this._status?.version ?? '';
  }

  /** What people should know of the versions in play; "" when they agree. */
  notice(trans: TranslationBundle): string {
    const kernel = this.current ? this._links.get(this.current.panel)?.version : '';
    return kernel && this.serverVersion && kernel !== this.serverVersion
      ? trans.__(
          'llmsec-nb is %1 in the server and %2 in the kernel: verdicts may differ.',
          this.serverVersion,
          kernel
        )
      : '';
  }

  get(panel: NotebookPanel): NotebookFindings | undefined {
    return this._notebooks.get(panel);
  }

  owner(cell: ICellModel): NotebookFindings | undefined {
    // Of two views of one document the one in front.
    const front = this._tracker.currentWidget;
    const first = front && this._notebooks.get(front);
    return first?.knows(cell)
      ? first
      : [...this._notebooks.values()].find(notebook => notebook.knows(cell));
  }

  observe(cell: object, listener: () => void): IDisposable {
    const known = this._listeners.get(cell) ?? new Set();
    this._listeners.set(cell, known.add(listener));
    return new DisposableDelegate(() => known.delete(listener));
  }

  /** Tell everybody to look again: a setting has changed. */
  refresh(): void {
    for (const notebook of this._notebooks.values()) {
      notebook.refresh();
    }
  }

  private _onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    const notebook: NotebookFindings = new NotebookFindings({
      panel,
      scanners: () => [
        ...(this._serverMissing ? [] : [{ channel: 'server' as const, scanner: this._server }]),
        ...(link.isOpen ? [{ channel: 'kernel' as const, scanner: link }] : [])
      ],
      quietPeriod: () => this._settings.values.quietPeriod,
      maxBytes: () => this._status?.limits.request_bytes ?? REQUEST_BYTES,
      notify: cell => this._notify(cell)
    });
    const link = new KernelLink(panel.sessionContext, notebook);
    this._notebooks.set(panel, notebook);
    this._links.set(panel, link);
    panel.disposed.connect(() => {
      link.dispose();
      notebook.dispose();
      this._notebooks.delete(panel);
      this._links.delete(panel);
      this._currentChanged.emit(this.current);
    });
    this._added.emit(notebook);
    if (panel === this._tracker.currentWidget) {
      this._currentChanged.emit(notebook);
    }
  }

  private _onCurrent(): void {
    this._currentChanged.emit(this.current);
  }

  private _notify(cell: object): void {
    this._listeners.get(cell)?.forEach(listener => listener());
  }

  /** Learn who answers. A server without our extension is asked this once only. */
  private async _greet(): Promise<void> {
    try {
      this._status = await this._server.status();
      this._status.rules.forEach(rule => this._rules.set(rule.id, rule));
    } catch (error) {
      this._serverMissing = error instanceof ScannerMissing;
      if (!this._serverMissing) {
        setTimeout(() => void this._greet(), ASK_AGAIN);
      }
    }
    this.refresh();
  }

  private _notebooks = new Map<NotebookPanel, NotebookFindings>();
  private _links = new Map<NotebookPanel, KernelLink>();
  private _listeners = new WeakMap<object, Set<() => void>>();
  private _rules = new Map<string, Rule>();
  private _status: Status | null = null;
  private _serverMissing = false;
  private _added = new Signal<this, INotebookFindings>(this);
  private _currentChanged = new Signal<this, INotebookFindings | null>(this);
}

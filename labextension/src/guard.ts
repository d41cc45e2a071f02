/** Before a document leaves: say, or ask, what is still in it. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Actions } from './actions';
import type { Settings } from './settings';
import type { ILocated, INotebookFindings } from './tokens';

/** Commands by which people, not timers, save. */
const SAVING = /^(docmanager:save|docmanager:save-as|notebook:save)/;
const RECENT = 1000;

type Context = DocumentRegistry.Context;
type Way = 'save' | 'saveAs' | 'download';

export class Guard {
  constructor(
    app: JupyterFrontEnd,
    private _actions: Actions,
    private _settings: Settings,
    private _trans: TranslationBundle
  ) {
    app.commands.commandExecuted.connect((_, { id }) => {
      if (SAVING.test(id)) {
        this._asked = performance.now();
      }
    });
  }

  /** Watch a notebook's ways out; several views of one document share them. */
  watch(notebook: INotebookFindings): void {
    const { context } = notebook.panel;
    const views = this._views.get(context);
    if (views) {
      views.push(notebook);
      return;
    }
    this._views.set(context, [notebook]);
    context.saveState.connect((_, state) => {
      if (state === 'completed') {
        void this._notify(context);
      }
    });
    this._wrap(context, 'save', () => this._isSavedByHand());
    this._wrap(context, 'saveAs', () => Promise.resolve(true));
    this._wrap(context, 'download', () => Promise.resolve(true));
  }

  /** The critical findings that are open, whatever the settings show. */
  critical(notebook: INotebookFindings): ILocated[] {
    return notebook
      .all()
      .filter(({ finding }) => finding.severity === 'critical' && !finding.suppression);
  }

  /**
   * Ask first. There is no hook before saving, so the way out itself is wrapped; timers that save
   * are let through: to hold them back would risk people's work.
   */
  private _wrap(context: Context, way: Way, byHand: () => Promise<boolean>): void {
    const leave: (...words: unknown[]) => Promise<unknown> = context[way].bind(context);
    const guarded = async (...words: unknown[]): Promise<unknown> => {
      if (this._settings.values.beforeLeaving === 'ask' && (await byHand())) {
        const count = await this._count(context);
        if (count && !(await this._actions.mayLeave(count))) {
          return false;
        }
      }
      const done = await leave(...words);
      if (way === 'download') {
        void this._notify(context);
      }
      return done;
    };
    Object.assign(context, { [way]: guarded });
  }

  private async _count(context: Context): Promise<number> {
    const notebook = this._view(context);
    await notebook?.settled();
    return notebook ? this.critical(notebook).length : 0;
  }

  /** A view of a document that is still open. */
  private _view(context: Context): INotebookFindings | undefined {
    return this._views.get(context)?.find(({ isDisposed }) => !isDisposed);
  }

  /** The registry tells of a command just after it has begun. */
  private async _isSavedByHand(): Promise<boolean> {
    await new Promise(resolve => setTimeout(resolve, 0));
    return performance.now() - this._asked < RECENT;
  }

  private async _notify(context: Context): Promise<void> {
    const notebook = this._view(context);
    if (!notebook || this._settings.values.beforeLeaving === 'off') {
      return;
    }
    await notebook.settled();
    const critical = this.critical(notebook);
    const seen = critical.map(({ finding }) => finding.fingerprint).join();
    if (seen === (this._said.get(context) ?? '')) {
      return;
    }
    this._said.set(context, seen);
    if (!critical.length) {
      return;
    }
    const rules = [...new Set(critical.map(({ finding }) => finding.name))].join(', ');
    Notification.warning(
      this._trans._n(
        '%1 critical finding is still in the document: %2',
        '%1 critical findings are still in the document: %2',
        critical.length,
        rules
      ),
      {
        autoClose: 8000,
        actions: [
          {
            label: this._trans.__('Show'),
            callback: () => void this._actions.reveal(notebook, critical[0])
          }
        ]
      }
    );
  }

  private _asked = -Infinity;
  private _said = new WeakMap<Context, string>();
  private _views = new WeakMap<Context, INotebookFindings[]>();
}

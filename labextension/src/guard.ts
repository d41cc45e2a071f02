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

  /** Watch a notebook's ways out. */
  watch(notebook: INotebookFindings): void {
    const { context } = notebook.panel;
    context.saveState.connect((_, state) => {
      if (state === 'completed') {
        this._notify(notebook);
      }
    });
    this._wrap(notebook, context, 'save', () => this._isSavedByHand());
    this._wrap(notebook, context, 'saveAs', () => Promise.resolve(true));
    this._wrap(notebook, context, 'download', () => Promise.resolve(true));
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
  private _wrap(
    notebook: INotebookFindings,
    context: DocumentRegistry.Context,
    way: 'save' | 'saveAs' | 'download',
    byHand: () => Promise<boolean>
  ): void {
    const leave = context[way].bind(context);
    context[way] = async () => {
      if (this._settings.values.beforeLeaving === 'ask' && (await byHand())) {
        await notebook.settled();
        const { length } = this.critical(notebook);
        if (length && !(await this._actions.mayLeave(length))) {
          return;
        }
      }
      await leave();
      if (way === 'download') {
        this._notify(notebook);
      }
    };
  }

  /** The registry tells of a command just after it has begun. */
  private async _isSavedByHand(): Promise<boolean> {
    await new Promise(resolve => setTimeout(resolve, 0));
    return performance.now() - this._asked < RECENT;
  }

  private _notify(notebook: INotebookFindings): void {
    if (this._settings.values.beforeLeaving === 'off') {
      return;
    }
    const critical = this.critical(notebook);
    const seen = critical.map(({ finding }) => finding.fingerprint).join();
    if (seen === this._said.get(notebook)) {
      return;
    }
    this._said.set(notebook, seen);
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
  private _said = new WeakMap<INotebookFindings, string>();
}

/** What people can do about findings; commands, panel, marks and badges all call this. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  Dialog,
  InputDialog,
  Notification,
  showDialog,
  showErrorMessage
} from '@jupyterlab/apputils';
import type { ICellModel } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { ServerScanner } from './client';
import type { Repairs } from './repair';
import { fixOf, gathered, isInOutput, repairCell, repairNotebook, safeFix } from './repair';
import { reveal } from './reveal';
import type { Settings } from './settings';
import type { ILocated, INotebookFindings } from './tokens';
import type { ConfigPlace, Finding, Fix } from './wire';

const PASSES = 5;
const QUICK = { autoClose: 4000 };

export class Actions {
  constructor(
    private _app: JupyterFrontEnd,
    private _server: ServerScanner,
    private _settings: Settings,
    private _trans: TranslationBundle
  ) {}

  /** Emitted when somebody wants to read more about a finding. */
  get explained(): ISignal<this, ILocated> {
    return this._explained;
  }

  /** The findings that are shown, in order, without the suppressed ones. */
  open(notebook: INotebookFindings): ILocated[] {
    return notebook
      .all()
      .filter(located => this._settings.shows(located) && !located.finding.suppression);
  }

  explain(located: ILocated): void {
    this._explained.emit(located);
  }

  async reveal(notebook: INotebookFindings, located: ILocated): Promise<void> {
    this._app.shell.activateById(notebook.panel.id);
    if (located.cell) {
      await reveal(notebook.panel, located);
    }
  }

  /** Go to the finding after the one that was gone to last, or to the one before; round and round. */
  async step(notebook: INotebookFindings, by: 1 | -1): Promise<void> {
    const found = this.open(notebook).filter(({ cell }) => cell !== null);
    if (!found.length) {
      this._say(this._trans.__('No findings in this notebook.'));
      return;
    }
    const last = this._last.get(notebook);
    const known = found.findIndex(({ finding }) => finding.fingerprint === last);
    const start = known >= 0 ? known : by > 0 ? -1 : found.length;
    const next = found[(start + by + found.length) % found.length];
    this._last.set(notebook, next.finding.fingerprint);
    await this.reveal(notebook, next);
  }

  /** Apply a fix of a finding; `reason` is what a suppression says. */
  async apply(
    notebook: INotebookFindings,
    located: ILocated,
    kind: Fix['kind'],
    reason = ''
  ): Promise<void> {
    const fresh = await this._fresh(notebook, located);
    const fix = fresh && fixOf(fresh.finding, kind);
    if (!fresh || !fix) {
      this._say(this._trans.__('The text has changed; this finding is no longer there.'));
      return;
    }
    if (!this._repair(notebook, fresh.cell, [[fresh.finding, fix]], reason)) {
      this._misfit();
    }
    await notebook.settled();
  }

  /** Suppress a finding where it is, with the reason that is asked for. */
  async ignoreHere(notebook: INotebookFindings, located: ILocated): Promise<void> {
    const title = this._trans.__('Ignore %1 here', located.finding.rule);
    if (!fixOf(located.finding, 'ignore')) {
      const message = this._trans.__('No comment can stand here; ignore the rule instead.');
      await showErrorMessage(title, message);
      return;
    }
    const { button, value } = await InputDialog.getText({
      title,
      label: this._trans.__('Why is it no risk? The reason is written into the cell.'),
      okLabel: this._trans.__('Ignore')
    });
    if (button.accept) {
      await this.apply(notebook, located, 'ignore', value ?? '');
    }
  }

  /** Add the rule to what the project's configuration ignores. */
  async ignoreRule(notebook: INotebookFindings, { rule, name }: Finding): Promise<void> {
    const title = this._trans.__('Ignore %1 in this project', rule);
    try {
      const place = await this._server.configPlace(notebook.panel.context.path);
      if (!place.file) {
        const message = this._trans.__('Add it to "ignore" in %1 by hand.', place.shown);
        await showErrorMessage(title, message);
        return;
      }
      const { button, value } = await InputDialog.getText({
        title,
        label: this._trans.__('%1 goes into %2. Why is it no risk?', name, place.shown),
        okLabel: this._trans.__('Ignore the rule')
      });
      if (button.accept) {
        await this._writeIgnore(notebook, place, rule, value ?? '');
      }
    } catch (error) {
      await showErrorMessage(title, error instanceof Error ? error : String(error));
    }
  }

  /** Put stars in the place of what the outputs of a cell leak. */
  async maskOutputs(notebook: INotebookFindings, cell: ICellModel): Promise<void> {
    const masked = await this._sweep(notebook, located => {
      const mine = located.cell === cell && isInOutput(located);
      return mine ? fixOf(located.finding, 'mask', 'delete') : undefined;
    });
    this._say(
      this._trans._n(
        'Masked %1 finding. Undo brings it back.',
        'Masked %1 findings. Undo brings them back.',
        masked
      )
    );
  }

  /** Apply every fix that leaves what the code does as it is. */
  async fixAllSafe(notebook: INotebookFindings): Promise<void> {
    const fixed = await this._sweep(notebook, located =>
      located.finding.suppression || !this._settings.shows(located)
        ? undefined
        : safeFix(located.finding)
    );
    this._say(this._trans._n('%1 finding mended.', '%1 findings mended.', fixed));
  }

  /** Render the report of the notebook as it is in the editor, and have it downloaded. */
  async exportReport(notebook: INotebookFindings, format: string): Promise<void> {
    const { path, model } = notebook.panel.context;
    const title = this._trans.__('The report could not be made');
    try {
      const content = model.toJSON() as { [name: string]: unknown };
      const { name, mime, text } = await this._server.report({ path, format, notebook: content });
      const url = URL.createObjectURL(new Blob([text], { type: mime }));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    } catch (error) {
      await showErrorMessage(title, error instanceof Error ? error : String(error));
    }
  }

  /** Ask for a format and export. */
  async askAndExport(notebook: INotebookFindings): Promise<void> {
    const items = ['html', 'json', 'sarif', 'text'];
    const title = this._trans.__('Export the report as');
    const { button, value } = await InputDialog.getItem({ title, items, current: 0 });
    if (button.accept && value) {
      await this.exportReport(notebook, value);
    }
  }

  /** Ask whether a document with open critical findings may leave. */
  async mayLeave(count: number): Promise<boolean> {
    const { button } = await showDialog({
      title: this._trans.__('Critical findings in this notebook'),
      body: this._trans._n(
        '%1 critical finding is still in this document.',
        '%1 critical findings are still in this document.',
        count
      ),
      buttons: [
        Dialog.cancelButton(),
        Dialog.warnButton({ label: this._trans.__('Go on all the same') })
      ]
    });
    return button.accept;
  }

  /**
   * Apply fixes cell by cell and scan again, until there is none left: a fix can lay open another
   * finding, and of two that overlap only one is applied at a time. Returns how many were applied.
   */
  private async _sweep(
    notebook: INotebookFindings,
    choose: (located: ILocated) => Fix | undefined
  ): Promise<number> {
    let applied = 0;
    const stuck = new Set<ICellModel | null>();
    for (let pass = 0; pass < PASSES; pass++) {
      await notebook.settled();
      const byCell = new Map<ICellModel | null, [Finding, Fix][]>();
      for (const located of notebook.all()) {
        const { cell, finding } = located;
        const fix = notebook.isFresh(cell) && !stuck.has(cell) ? choose(located) : undefined;
        if (fix) {
          byCell.set(cell, [...(byCell.get(cell) ?? []), [finding, fix]]);
        }
      }
      if (!byCell.size) {
        break;
      }
      for (const [cell, fixes] of byCell) {
        if (!this._repair(notebook, cell, fixes)) {
          stuck.add(cell);
        } else if (pass === 0) {
          applied += fixes.length;
        }
      }
    }
    await notebook.settled();
    if (stuck.size) {
      this._misfit();
    }
    return applied;
  }

  /** Apply fixes to a cell, or to the notebook (null); false when one of them does not fit. */
  private _repair(
    notebook: INotebookFindings,
    cell: ICellModel | null,
    fixes: readonly [Finding, Fix][],
    reason = ''
  ): boolean {
    const repairs = gathered(fixes, reason);
    const missed = cell ? repairCell(cell, repairs) : this._repairWhole(notebook, repairs);
    return missed.length === 0;
  }

  private _misfit(): void {
    Notification.error(
      this._trans.__('A fix could not be applied: its place is locked, or cannot be edited here.'),
      { autoClose: 8000 }
    );
  }

  /** JupyterLab's undo knows the cells only: for the notebook's own metadata we offer one. */
  private _repairWhole(notebook: INotebookFindings, repairs: Repairs): string[] {
    const shared = notebook.panel.content.model?.sharedModel;
    const before = shared?.getMetadata();
    const missed = shared ? repairNotebook(shared, repairs) : [];
    if (shared && before && !missed.length) {
      Notification.info(this._trans.__('The metadata of the notebook were changed.'), {
        autoClose: 10000,
        actions: [
          {
            label: this._trans.__('Undo'),
            callback: () => {
              shared.setMetadata(before);
            }
          }
        ]
      });
    }
    return missed;
  }

  /** The finding as it is after all edits so far. */
  private async _fresh(
    notebook: INotebookFindings,
    { cell, finding }: ILocated
  ): Promise<ILocated | undefined> {
    await notebook.settled();
    return notebook
      .all()
      .find(
        now =>
          now.cell === cell &&
          now.finding.fingerprint === finding.fingerprint &&
          notebook.isFresh(cell)
      );
  }

  private async _writeIgnore(
    notebook: INotebookFindings,
    { file, exists }: ConfigPlace,
    rule: string,
    reason: string
  ): Promise<void> {
    const contents = this._app.serviceManager.contents;
    const before = exists ? String((await contents.get(file)).content) : '';
    const name = file.split('/').pop() ?? file;
    const { text } = await this._server.ignoreRule({ name, text: before, rule, reason });
    const save = (content: string) =>
      contents.save(file, { type: 'file', format: 'text', content });
    await save(text);
    await notebook.rescan();
    const undo = async () => {
      await (exists ? save(before) : contents.delete(file));
      await notebook.rescan();
    };
    Notification.info(this._trans.__('%1 is ignored in %2.', rule, file), {
      autoClose: 10000,
      actions: [{ label: this._trans.__('Undo'), callback: () => void undo() }]
    });
  }

  private _say(message: string): void {
    Notification.info(message, QUICK);
  }

  private _last = new WeakMap<INotebookFindings, string>();
  private _explained = new Signal<this, ILocated>(this);
}

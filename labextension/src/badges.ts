/** Badges above outputs that leak: what is in them, and a button that masks it. */

import type { Cell } from '@jupyterlab/cells';
import { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import { Widget } from '@lumino/widgets';
import { fixOf, isInOutput } from './repair';
import type { IFindings, ILocated, INotebookFindings } from './tokens';

/** What the badges need. */
export interface IBadgeOptions {
  findings: IFindings;
  shows: (located: ILocated) => boolean;
  enabled: () => boolean;
  mask: (notebook: INotebookFindings, cell: CodeCell) => void;
  explain: (located: ILocated) => void;
  trans: TranslationBundle;
}

const BADGE = 'llmsec-OutputBadge';
const OUTPUTS = 'jp-Cell-outputWrapper';

/** Keeps the badges of one notebook. */
export class Badges implements IDisposable {
  constructor(
    private _notebook: INotebookFindings,
    private _options: IBadgeOptions
  ) {
    _notebook.changed.connect(this._draw, this);
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    this._notebook.changed.disconnect(this._draw, this);
    this._badges.forEach(badge => badge.dispose());
    this._badges.clear();
  }

  private _draw(): void {
    const { panel } = this._notebook;
    if (panel.isDisposed || !panel.content.model) {
      return;
    }
    const leaking = new Set(this._badges.keys());
    for (const located of this._notebook.all()) {
      if (located.cell && isInOutput(located) && this._options.shows(located)) {
        leaking.add(located.cell);
      }
    }
    if (leaking.size) {
      cellsOf(panel, leaking).forEach(cell => this._drawCell(cell));
    }
  }

  private _drawCell(cell: CodeCell): void {
    const found = this._options.enabled()
      ? this._notebook.of(cell.model).filter(l => isInOutput(l) && this._options.shows(l))
      : [];
    let badge = this._badges.get(cell.model);
    if (!found.length) {
      badge?.dispose();
      this._badges.delete(cell.model);
      return;
    }
    if (!badge || badge.isDisposed) {
      badge = this._place(cell);
    }
    badge.show_(found, {
      trans: this._options.trans,
      mask: () => this._options.mask(this._notebook, cell),
      explain: () => this._options.explain(found[0])
    });
  }

  /** Between input and outputs; a cell that is not drawn yet gets it when it is. */
  private _place(cell: CodeCell): Badge {
    const badge = new Badge();
    this._badges.set(cell.model, badge);
    void cell.ready.then(() => {
      if (cell.isDisposed || badge.isDisposed) {
        return;
      }
      const layout = cell.layout as PanelLayout;
      const index = layout.widgets.findIndex(widget => widget.hasClass(OUTPUTS));
      layout.insertWidget(index < 0 ? layout.widgets.length : index, badge);
    });
    return badge;
  }

  private _badges = new Map<Cell['model'], Badge>();
  private _disposed = false;
}

function cellsOf(panel: NotebookPanel, models: Set<Cell['model']>): CodeCell[] {
  return panel.content.widgets.filter(
    (cell): cell is CodeCell => cell instanceof CodeCell && models.has(cell.model)
  );
}

interface IShown {
  trans: TranslationBundle;
  mask: () => void;
  explain: () => void;
}

class Badge extends Widget {
  constructor() {
    super();
    this.addClass(BADGE);
    this.node.setAttribute('role', 'group');
  }

  show_(found: readonly ILocated[], { trans, mask, explain }: IShown): void {
    const many = trans._n('%1 finding in this output', '%1 findings in this output', found.length);
    this.node.setAttribute('aria-label', many);
    const rules = [...new Set(found.map(({ finding }) => finding.name))].join(', ');
    const text = document.createElement('span');
    text.className = 'llmsec-OutputBadge-text';
    text.textContent = `${many}: ${rules}`;
    const buttons = [button(trans.__('Explain'), explain)];
    if (found.some(({ finding }) => fixOf(finding, 'mask', 'delete'))) {
      buttons.unshift(button(trans.__('Mask in document'), mask));
    }
    this.node.dataset.level = found[0].finding.severity;
    this.node.replaceChildren(text, ...buttons);
  }
}

function button(label: string, run: () => void): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'llmsec-button';
  node.textContent = label;
  node.onclick = run;
  return node;
}

/** Bring a finding into view, also one in a cell that has not been drawn yet. */

import type { Cell } from '@jupyterlab/cells';
import { CodeCell, MarkdownCell } from '@jupyterlab/cells';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { PanelLayout } from '@lumino/widgets';
import { shownSpan, spanOf } from './places';
import type { ILocated } from './tokens';

const PATIENCE = 3000;

/** Scroll to the cell and span of a finding and select it; false when the cell is gone. */
export async function reveal(
  panel: NotebookPanel,
  { finding, cell: model }: ILocated
): Promise<boolean> {
  const notebook = panel.content;
  const index = notebook.widgets.findIndex(widget => widget.model === model);
  if (index < 0) {
    return false;
  }
  const cell = notebook.widgets[index];
  notebook.activeCellIndex = index;
  notebook.deselectAll();
  attach(notebook, cell, index);
  // Not awaited: it settles only when the scrolling ends, which a hidden page never sees.
  void notebook.scrollToItem(index, 'smart').catch(() => undefined);
  await within(cell.ready);
  if (finding.location.type === 'cell') {
    await select(cell, finding.location);
  } else {
    unfold(cell);
    notebook.mode = 'command';
    outputOf(cell, finding.location).scrollIntoView({ block: 'nearest' });
    notebook.activate();
  }
  return true;
}

/**
 * Put a cell that waits for its turn among those that are drawn: JupyterLab attaches far cells when
 * it is idle, and scrolling to one that is not attached does nothing.
 */
function attach(notebook: Notebook, cell: Cell, index: number): void {
  if (cell.isAttached || !notebook.isAttached) {
    return;
  }
  const before = notebook.widgets.slice(0, index).filter(other => other.isAttached).length;
  cell.dataset.windowedListIndex = String(index);
  (notebook.layout as unknown as PanelLayout).insertWidget(before, cell);
}

async function select(cell: Cell, place: ILocated['finding']['location']): Promise<void> {
  if (cell instanceof MarkdownCell) {
    cell.rendered = false;
  }
  cell.inputHidden = false;
  await within(cell.ready);
  const editor = cell.editor;
  if (!editor) {
    return;
  }
  const source = cell.model.sharedModel.getSource();
  const { from, to } = shownSpan(source, spanOf(source, place));
  const start = editor.getPositionAt(from);
  const end = editor.getPositionAt(to);
  if (start && end) {
    editor.setSelection({ start, end });
    editor.revealPosition(start);
    editor.revealSelection({ start, end });
    editor.focus();
  }
}

function unfold(cell: Cell): void {
  if (cell instanceof CodeCell) {
    cell.outputHidden = false;
  }
}

function outputOf(cell: Cell, place: ILocated['finding']['location']): HTMLElement {
  if (cell instanceof CodeCell && place.type === 'output') {
    return cell.outputArea.widgets[place.output]?.node ?? cell.outputArea.node;
  }
  return cell.node;
}

/** Wait, but not for ever. */
function within(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, new Promise(resolve => setTimeout(resolve, PATIENCE))]);
}

/** Fixes applied to the document in the editor, each undone by one step of undo. */

import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { IOutput, IStream } from '@jupyterlab/nbformat';
import { isStream } from '@jupyterlab/nbformat';
import type {
  CellChange,
  ISharedAttachmentsCell,
  ISharedCodeCell,
  ISharedNotebook
} from '@jupyter/ydoc';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import { disjoint, edited, editedList, ordered, steps } from './places';
import type { ILocated } from './tokens';
import type { Edit, Finding, Fix } from './wire';

const REASON = '{reason}';
/** What ends a line somewhere, or is no text: a reason stays in its comment. */
const BREAKING = /[\s\u0000-\u001f\u007f-\u009f]+/g;
const ERROR_PARTS = new Set(['traceback']);

/** Edits of one part of a document, by the part's pointer. */
export type Repairs = Map<string, Edit[]>;

/** The fix of a kind that a finding offers. */
export function fixOf(finding: Finding, ...kinds: Fix['kind'][]): Fix | undefined {
  return finding.fixes?.find(fix => kinds.includes(fix.kind));
}

/** A fix that leaves what the code does as it is. */
export function safeFix(finding: Finding): Fix | undefined {
  return finding.fixes?.find(fix => fix.safe && fix.kind !== 'ignore');
}

/** The edits of several fixes, by part. A reason fills the place that a suppression has for it. */
export function gathered(fixes: readonly [Finding, Fix][], reason = ''): Repairs {
  const parts: Repairs = new Map();
  const told = reason.replace(BREAKING, ' ').replace(/--+>?/g, '-').trim();
  for (const [finding, fix] of fixes) {
    const pointer = fix.pointer ?? finding.location.pointer ?? '';
    const edits = fix.edits.map(edit => ({
      ...edit,
      replacement:
        fix.kind === 'ignore' ? edit.replacement.replace(REASON, () => told) : edit.replacement
    }));
    parts.set(pointer, [...(parts.get(pointer) ?? []), ...edits]);
  }
  return parts;
}

/**
 * Apply edits to a cell, as one step for undo. Returns the parts that were not found. Edits count
 * in the cell as it was, so each of its members is written once.
 */
export function repairCell(cell: ICellModel, repairs: Repairs): string[] {
  const missed: string[] = [];
  const content = contentOf(cell);
  const touched = new Set<string>();
  // What follows within a moment counts as one step; what was typed before does not.
  (cell.sharedModel as IUndoable).undoManager?.stopCapturing();
  for (const [pointer, edits] of repairs) {
    const [cells, , ...path] = steps(pointer);
    const [member] = path;
    if (cells === 'cells' && member === 'source' && isEditable(cell)) {
      repairSource(cell, edits);
    } else if (cells === 'cells' && member !== 'source' && change(content, path, edits)) {
      touched.add(member);
    } else {
      missed.push(pointer);
    }
  }
  write(cell, content, touched);
  return missed;
}

/** What of a cell can be repaired, beside its source, as it was sent to be judged. */
function contentOf(cell: ICellModel): JSONObject {
  const { outputs, attachments } = cell.toJSON() as unknown as JSONObject;
  const content: JSONObject = { metadata: cell.sharedModel.getMetadata() as JSONObject };
  if (cell.type === 'code') {
    content.outputs = outputs;
  } else {
    content.attachments = attachments;
  }
  return JSONExt.deepCopy(content);
}

function write(cell: ICellModel, content: JSONObject, touched: ReadonlySet<string>): void {
  const shared = cell.sharedModel;
  if (touched.has('outputs')) {
    replaceOutputs(cell as ICodeCellModel, content.outputs as unknown as IOutput[]);
  }
  if (touched.has('attachments')) {
    const attached = shared as ISharedAttachmentsCell;
    const changed = content.attachments as ReturnType<typeof attached.getAttachments>;
    shared.transact(() => attached.setAttachments(changed), true);
  }
  if (touched.has('metadata')) {
    shared.transact(() => shared.setMetadata(content.metadata as JSONObject), true);
  }
}

interface IUndoable {
  readonly undoManager?: {
    stopCapturing(): void;
    clear(undo: boolean, redo: boolean): void;
  } | null;
}

/** Apply edits to the metadata of the notebook itself; returns the parts that were not found. */
export function repairNotebook(notebook: ISharedNotebook, repairs: Repairs): string[] {
  const missed: string[] = [];
  const metadata = notebook.getMetadata() as JSONObject;
  for (const [pointer, edits] of repairs) {
    const [head, ...path] = steps(pointer);
    if (head !== 'metadata' || !change(metadata, path, edits)) {
      missed.push(pointer);
    }
  }
  notebook.setMetadata(metadata);
  return missed;
}

/** Whether a finding is in something that a cell put out. */
export function isInOutput({ finding }: ILocated): boolean {
  const place = finding.location;
  return place.type === 'output' || (place.type === 'metadata' && (place.output ?? null) !== null);
}

/**
 * Whether a source may be edited: it is not locked, and holds no carriage return. JupyterLab's
 * editors take these for line feeds, so that every edit through the document lands elsewhere.
 */
function isEditable(cell: ICellModel): boolean {
  return cell.getMetadata('editable') !== false && !cell.sharedModel.getSource().includes('\r');
}

function repairSource(cell: ICellModel, edits: Edit[]): void {
  const source = cell.sharedModel.getSource();
  cell.sharedModel.transact(() => {
    for (const { from, to, insert } of ordered(source, disjoint(edits))) {
      cell.sharedModel.updateSource(from, to, insert);
    }
  }, true);
}

const guarded = new WeakSet<ICellModel>();
let replacing = false;

/**
 * In two transactions, which undo takes back as one: within a single one JupyterLab adds what comes
 * before it removes what goes, and appends a stream to the one that is about to be removed.
 */
function replaceOutputs(cell: ICodeCellModel, outputs: IOutput[]): void {
  const shared = cell.sharedModel;
  const before = cell.toJSON().outputs;
  if (!guarded.has(cell)) {
    guarded.add(cell);
    shared.changed.connect(forgetRedo);
  }
  replacing = true;
  const whole = merged(before);
  if (whole.length < before.length) {
    // What undo brings back must be whole, too: JupyterLab would write the pieces twice.
    shared.transact(() => shared.setOutputs([]), false);
    shared.transact(() => shared.setOutputs(whole), false);
  }
  shared.transact(() => shared.setOutputs([]), true);
  shared.transact(() => shared.setOutputs(merged(outputs)), true);
  replacing = false;
}

/** Outputs with neighbouring pieces of one stream as one: so JupyterLab shows them anyway. */
function merged(outputs: readonly IOutput[]): IOutput[] {
  const kept: IOutput[] = [];
  for (const output of outputs) {
    const last = kept[kept.length - 1] as IOutput | undefined;
    if (last && isStream(last) && isStream(output) && last.name === output.name) {
      kept[kept.length - 1] = { ...last, text: textOf(last) + textOf(output) };
    } else {
      kept.push(output);
    }
  }
  return kept;
}

function textOf({ text }: IStream): string {
  return Array.isArray(text) ? text.join('') : text;
}

/** Redo would be a single transaction, and show a mixture: what was undone is masked by hand again. */
function forgetRedo(shared: ISharedCodeCell, change: CellChange): void {
  if ('outputsChange' in change && !replacing) {
    queueMicrotask(() => (shared as IUndoable).undoManager?.clear(false, true));
  }
}

/** Edit the string, or the list of strings, at the end of a path; false when it is not there. */
export function change(root: JSONValue, path: readonly string[], edits: Edit[]): boolean {
  const last = path[path.length - 1];
  const parent = path.slice(0, -1).reduce(member, root);
  const value = member(parent, last);
  if (typeof value === 'string') {
    (parent as JSONObject)[last] = edited(value, edits);
    return true;
  }
  if (Array.isArray(value) && value.every(line => typeof line === 'string')) {
    const joiner = ERROR_PARTS.has(last) ? 1 : 0;
    (parent as JSONObject)[last] = editedList(value, edits, joiner);
    return true;
  }
  return false;
}

function member(value: JSONValue | undefined, step: string): JSONValue | undefined {
  const known =
    typeof value === 'object' &&
    value !== null &&
    Object.prototype.hasOwnProperty.call(value, step);
  return known ? (value as JSONObject)[step] : undefined;
}

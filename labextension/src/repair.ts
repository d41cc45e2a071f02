/** Fixes applied to the document in the editor, each undone by one step of undo. */

import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
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

/** Apply edits to a cell, as one step for undo. Returns the parts that could not be found. */
export function repairCell(cell: ICellModel, repairs: Repairs): string[] {
  const missed: string[] = [];
  // What follows within a moment counts as one step; what was typed before does not.
  (cell.sharedModel as IUndoable).undoManager?.stopCapturing();
  for (const [pointer, edits] of repairs) {
    const [cells, , ...path] = steps(pointer);
    if (cells !== 'cells' || !repairPart(cell, path, edits)) {
      missed.push(pointer);
    }
  }
  return missed;
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

function repairPart(cell: ICellModel, [member, ...path]: string[], edits: Edit[]): boolean {
  if (member === 'source') {
    repairSource(cell, edits);
    return true;
  }
  if (member === 'outputs' && cell.type === 'code') {
    const outputs = (cell as ICodeCellModel).outputs.toJSON() as unknown as JSONValue;
    const done = change(outputs, path, edits);
    if (done) {
      replaceOutputs(cell as ICodeCellModel, outputs as unknown as IOutput[]);
    }
    return done;
  }
  if (member === 'attachments' && cell.type !== 'code') {
    const shared = cell.sharedModel as ISharedAttachmentsCell;
    const attachments = JSONExt.deepCopy((shared.getAttachments() ?? {}) as JSONObject);
    const done = change(attachments, path, edits);
    if (done) {
      const changed = attachments as ReturnType<typeof shared.getAttachments>;
      shared.transact(() => shared.setAttachments(changed), true);
    }
    return done;
  }
  if (member === 'metadata') {
    const metadata = cell.sharedModel.getMetadata() as JSONObject;
    const done = change(metadata, path, edits);
    if (done) {
      cell.sharedModel.transact(() => cell.sharedModel.setMetadata(metadata), true);
    }
    return done;
  }
  return false;
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
  if (!guarded.has(cell)) {
    guarded.add(cell);
    shared.changed.connect(forgetRedo);
  }
  replacing = true;
  shared.transact(() => shared.setOutputs([]), true);
  shared.transact(() => shared.setOutputs(outputs), true);
  replacing = false;
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

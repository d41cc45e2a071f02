import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { DataReport, Failure, Finding, Rule, Severity, Skip, TableReport } from './wire';

/** The name under which the extension's strings are translated. */
export const DOMAIN = 'llmsec_nb';

/** From the worst to the mildest. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Who judged: the Jupyter server, or the notebook's kernel over a comm. */
export type Channel = 'server' | 'kernel';

/** A finding and the cell that it is in, if it is in one. */
export interface ILocated {
  readonly finding: Finding;
  readonly cell: ICellModel | null;
  /** Whether the kernel said it unasked. */
  readonly pushed: boolean;
}

/** Where a notebook's scan stands. */
export interface IScanState {
  /** `idle`: nothing asked yet; `missing`: nobody can scan; `error`: the last try failed. */
  readonly phase: 'idle' | 'scanning' | 'done' | 'missing' | 'error';
  readonly channel: Channel | null;
  readonly finished: Date | null;
  /** In milliseconds, quiet period excluded. */
  readonly elapsed: number;
  readonly error: string;
}

/** What could not be scanned, and why; `cell` is null when it is about the whole document. */
export interface IProblem {
  readonly cell: ICellModel | null;
  readonly failure: Failure | Skip;
  /** Whether it is about data that the kernel read: its path names them. */
  readonly data?: boolean;
}

/** The findings of one notebook that is open. */
export interface INotebookFindings extends IDisposable {
  readonly panel: NotebookPanel;
  /** Emitted at most once an animation frame. */
  readonly changed: ISignal<INotebookFindings, void>;
  readonly state: IScanState;
  readonly suppressed: number;
  readonly lowConfidence: number;
  /** All findings in the order of the document, suppressed ones included. */
  all(): ILocated[];
  problems(): IProblem[];
  /** What the kernel said of tables, the newest first. */
  tables(): readonly TableReport[];
  /** What the kernel said of training data, the newest first. */
  data(): readonly DataReport[];
  of(cell: ICellModel): readonly ILocated[];
  /** Whether what is said of a cell, or of the notebook (null), is about it as it is now. */
  isFresh(cell: ICellModel | null): boolean;
  /** Judge everything anew. */
  rescan(): Promise<void>;
  /** Resolves when what has been edited until now is judged. */
  settled(): Promise<void>;
}

/** The findings of all open notebooks. */
export interface IFindings {
  readonly current: INotebookFindings | null;
  readonly currentChanged: ISignal<IFindings, INotebookFindings | null>;
  readonly added: ISignal<IFindings, INotebookFindings>;
  readonly rules: ReadonlyMap<string, Rule>;
  get(panel: NotebookPanel): INotebookFindings | undefined;
  owner(cell: ICellModel): INotebookFindings | undefined;
  /** Call `listener` whenever the findings of a cell have changed. */
  observe(cell: object, listener: () => void): IDisposable;
}

export const IFindings = new Token<IFindings>(
  'llmsec-nb:IFindings',
  'The security findings of open notebooks.'
);

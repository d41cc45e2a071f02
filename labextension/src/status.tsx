/** The item in the status bar: counts by severity, or that something is amiss. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import React from 'react';
import { shieldIcon } from './icons';
import type { Settings } from './settings';
import type { IFindings, INotebookFindings } from './tokens';
import { SEVERITIES } from './tokens';
import { severityName } from './words';

export class StatusItem extends ReactWidget {
  constructor(
    private _findings: IFindings,
    private _settings: Settings,
    private _show: () => void,
    private _trans: TranslationBundle
  ) {
    super();
    this.addClass('llmsec-StatusItem');
    _findings.currentChanged.connect(this._follow, this);
    _settings.changed.connect(this.update, this);
    this._follow();
  }

  /** Emitted when `hasNotebook` may have changed. */
  get activeChanged(): ISignal<this, void> {
    return this._activeChanged;
  }

  /** Whether there is a notebook to speak of. */
  get hasNotebook(): boolean {
    return this._notebook !== null;
  }

  protected override render(): React.JSX.Element | null {
    const notebook = this._notebook;
    if (!notebook) {
      return null;
    }
    const counts = this._counts(notebook);
    const amber =
      notebook.problems().length > 0 || ['error', 'missing'].includes(notebook.state.phase);
    const words = counts.map(([severity, count]) =>
      this._trans.__('%1 %2', count, severityName(severity, this._trans).toLowerCase())
    );
    const label = words.length ? words.join(', ') : this._trans.__('no findings');
    const whole = amber ? this._trans.__('%1, not everything was scanned', label) : label;
    return (
      <button
        type="button"
        className={`llmsec-status${amber ? ' llmsec-amber' : ''}`}
        title={this._trans.__('Notebook security: %1', whole)}
        aria-label={this._trans.__('Notebook security: %1', whole)}
        onClick={this._show}
      >
        <shieldIcon.react tag="span" height="14px" width="14px" />
        {counts.map(([severity, count]) => (
          <span key={severity} className={`llmsec-count llmsec-level-${severity}`}>
            {count}
          </span>
        ))}
        {!counts.length && <span>{amber ? '?' : '0'}</span>}
        {amber && <span aria-hidden="true">⚠</span>}
      </button>
    );
  }

  private _counts(notebook: INotebookFindings) {
    const open = notebook
      .all()
      .filter(located => this._settings.shows(located) && !located.finding.suppression);
    return SEVERITIES.map(
      severity =>
        [severity, open.filter(({ finding }) => finding.severity === severity).length] as const
    ).filter(([, count]) => count > 0);
  }

  private _follow(): void {
    this._notebook?.changed.disconnect(this.update, this);
    this._notebook = this._findings.current;
    this._notebook?.changed.connect(this.update, this);
    this._activeChanged.emit();
    this.update();
  }

  private _notebook: INotebookFindings | null = null;
  private _activeChanged = new Signal<this, void>(this);
}

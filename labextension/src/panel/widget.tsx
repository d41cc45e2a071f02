/** The panel in the right sidebar, as a widget: draws only while it can be seen. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import React from 'react';
import type { Actions } from '../actions';
import { shieldIcon } from '../icons';
import type { Settings } from '../settings';
import type { IFindings, ILocated, INotebookFindings } from '../tokens';
import { Panel } from './panel';

export interface IPanelOptions {
  findings: IFindings;
  settings: Settings;
  actions: Actions;
  trans: TranslationBundle;
  /** What the user should know of the versions in play; "" when there is nothing. */
  notice: () => string;
}

export class FindingsPanel extends ReactWidget {
  constructor(private _options: IPanelOptions) {
    super();
    const { findings, settings, actions, trans } = _options;
    this.id = 'llmsec-nb-panel';
    this.addClass('llmsec-Panel');
    this.title.icon = shieldIcon;
    this.title.caption = trans.__('Notebook security');
    findings.currentChanged.connect(this._follow, this);
    settings.changed.connect(this._draw, this);
    actions.explained.connect(this._onExplained, this);
    this._follow();
  }

  /** Show a finding in full. */
  select(located: ILocated): void {
    this._selected = located.finding.fingerprint;
    this.update();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.update();
  }

  protected override render(): React.JSX.Element {
    const { findings, settings, actions, trans, notice } = this._options;
    return (
      <Panel
        notebook={this._notebook}
        rules={findings.rules}
        settings={settings}
        actions={actions}
        trans={trans}
        notice={notice()}
        selected={this._selected}
        onSelect={fingerprint => {
          this._selected = fingerprint;
          this.update();
        }}
      />
    );
  }

  private _onExplained(_: Actions, located: ILocated): void {
    this.select(located);
  }

  private _follow(): void {
    this._notebook?.changed.disconnect(this._draw, this);
    this._notebook = this._options.findings.current;
    this._notebook?.changed.connect(this._draw, this);
    this._draw();
  }

  private _draw(): void {
    if (this.isVisible) {
      this.update();
    }
  }

  private _notebook: INotebookFindings | null = null;
  private _selected = '';
}

/** What the panel shows: summary, filter, what is amiss, findings, the selected one in full. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';
import type { Actions } from '../actions';
import type { Settings } from '../settings';
import type { ILocated, INotebookFindings } from '../tokens';
import { SEVERITIES } from '../tokens';
import { severityName } from '../words';
import type { Rule, Severity } from '../wire';
import { Data } from './data';
import { Detail } from './detail';
import type { IFilter } from './filter';
import { EVERYTHING, FilterBar, matches } from './filter';
import { Footer, Problems, Summary } from './parts';
import type { ITarget } from './tables';
import { Tables } from './tables';
import { FindingsTree } from './tree';

export interface IPanelProps {
  notebook: INotebookFindings | null;
  rules: ReadonlyMap<string, Rule>;
  settings: Settings;
  actions: Actions;
  trans: TranslationBundle;
  notice: string;
  selected: string;
  onSelect: (fingerprint: string) => void;
}

/** Findings of one severity, in the order of the document. */
export interface IGroup {
  severity: Severity;
  found: ILocated[];
}

export function Panel(props: IPanelProps): React.JSX.Element {
  const { notebook, trans } = props;
  return (
    <div className="llmsec-content" role="region" aria-label={trans.__('Notebook security')}>
      {notebook ? (
        <Boundary trans={trans} key={notebook.panel.id}>
          <NotebookView {...props} notebook={notebook} />
        </Boundary>
      ) : (
        <p className="llmsec-empty">{trans.__('Open a notebook to see its findings.')}</p>
      )}
    </div>
  );
}

interface IBoundaryProps {
  trans: TranslationBundle;
  children: React.ReactNode;
}

/** An empty panel would look like a clean notebook: a defect of ours is said instead. */
class Boundary extends React.Component<IBoundaryProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidUpdate(before: IBoundaryProps): void {
    if (this.state.broken && before.children !== this.props.children) {
      this.setState({ broken: false });
    }
  }

  override render(): React.ReactNode {
    const { children, trans } = this.props;
    return this.state.broken ? (
      <div className="llmsec-problems" role="alert">
        {trans.__('The findings cannot be shown: a defect of llmsec-nb, please report it.')}
      </div>
    ) : (
      children
    );
  }
}

function NotebookView(props: IPanelProps & { notebook: INotebookFindings }): React.JSX.Element {
  const { notebook, settings, actions, rules, trans, notice, selected, onSelect } = props;
  const [filter, setFilter] = useState<IFilter>(EVERYTHING);
  const all = notebook.all().filter(located => settings.shows(located));
  const shown = all.filter(located => matches(located, filter, trans));
  const groups = grouped(shown);
  const numbers = numbersOf(notebook);
  const current = all.find(({ finding }) => finding.fingerprint === selected);
  const problems = notebook.problems();
  const [target, setTarget] = useState<ITarget | null>(null);
  const open = (located: ILocated) => {
    const place = located.finding.location;
    if (place.type === 'column') {
      setTarget({ table: place.path ?? '', column: place.column_name });
    } else {
      void actions.reveal(notebook, located);
    }
  };
  return (
    <>
      <Summary notebook={notebook} found={all} actions={actions} trans={trans} />
      <Problems
        notebook={notebook}
        problems={problems}
        notice={notice}
        numbers={numbers}
        trans={trans}
      />
      {all.length > 0 && (
        <FilterBar found={all} filter={filter} onChange={setFilter} trans={trans} />
      )}
      {all.length > 0 && shown.length === 0 && (
        <p className="llmsec-empty">{trans.__('No finding fits the filter.')}</p>
      )}
      <FindingsTree
        groups={groups}
        numbers={numbers}
        selected={selected}
        onSelect={onSelect}
        onOpen={open}
        onSuppress={located => void actions.ignoreHere(notebook, located)}
        trans={trans}
      />
      <Tables
        tables={notebook.tables()}
        found={all}
        rules={rules}
        settings={settings}
        target={target}
        trans={trans}
      />
      <Data data={notebook.data()} settings={settings} target={target} trans={trans} />
      {current && (
        <Detail
          notebook={notebook}
          located={current}
          rule={rules.get(current.finding.rule)}
          actions={actions}
          onOpen={open}
          trans={trans}
        />
      )}
      <Footer notebook={notebook} trans={trans} />
    </>
  );
}

function grouped(shown: ILocated[]): IGroup[] {
  return SEVERITIES.map(severity => ({
    severity,
    found: shown.filter(({ finding }) => finding.severity === severity)
  })).filter(({ found }) => found.length > 0);
}

/** The number of each cell, from 1. */
export type Numbers = (cell: ILocated['cell']) => string;

function numbersOf(notebook: INotebookFindings): Numbers {
  const cells = notebook.panel.content.model?.cells;
  const known = new Map(Array.from(cells ?? [], (cell, index) => [cell, String(index + 1)]));
  return cell => (cell ? (known.get(cell) ?? '–') : '');
}

/** A heading such as "Critical (2)". */
export function groupName({ severity, found }: IGroup, trans: TranslationBundle): string {
  return trans.__('%1 (%2)', severityName(severity, trans), found.length);
}

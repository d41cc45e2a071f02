/** The smaller parts of the panel. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { Actions } from '../actions';
import { visible } from '../places';
import { safeFix } from '../repair';
import type { ILocated, INotebookFindings, IProblem } from '../tokens';
import { SEVERITIES } from '../tokens';
import { severityName } from '../words';
import type { Numbers } from './panel';

const MOST_PROBLEMS = 20;

interface ISummaryProps {
  notebook: INotebookFindings;
  found: ILocated[];
  actions: Actions;
  trans: TranslationBundle;
}

export function Summary({ notebook, found, actions, trans }: ISummaryProps): React.JSX.Element {
  const open = found.filter(({ finding }) => !finding.suppression);
  const safe = open.some(({ finding }) => safeFix(finding));
  return (
    <div className="llmsec-header">
      <div className="llmsec-summary" role="status" aria-live="polite">
        {verdict(notebook, open, trans)}
      </div>
      <div className="llmsec-actions">
        <button
          type="button"
          className="llmsec-button"
          onClick={() => void notebook.rescan()}
          title={trans.__('Scan the whole notebook again')}
        >
          {trans.__('Scan')}
        </button>
        <button
          type="button"
          className="llmsec-button"
          disabled={!safe}
          onClick={() => void actions.fixAllSafe(notebook)}
          title={trans.__('Apply all fixes that leave what the code does as it is')}
        >
          {trans.__('Fix all safe')}
        </button>
        <button
          type="button"
          className="llmsec-button"
          onClick={() => void actions.askAndExport(notebook)}
        >
          {trans.__('Export…')}
        </button>
      </div>
    </div>
  );
}

function verdict(notebook: INotebookFindings, open: ILocated[], trans: TranslationBundle): string {
  const { phase } = notebook.state;
  if (open.length) {
    const levels = SEVERITIES.map(severity => ({
      severity,
      count: open.filter(({ finding }) => finding.severity === severity).length
    })).filter(({ count }) => count > 0);
    const words = levels.map(({ severity, count }) =>
      trans.__('%1 %2', count, severityName(severity, trans).toLowerCase())
    );
    return trans._n('%1 finding: %2', '%1 findings: %2', open.length, words.join(', '));
  }
  switch (phase) {
    case 'idle':
    case 'scanning':
      return trans.__('Scanning…');
    case 'missing':
      return trans.__('Nothing is scanned.');
    case 'error':
      return trans.__('The scan failed.');
    case 'done':
      return notebook.problems().length
        ? trans.__('No findings in what could be scanned.')
        : trans.__('No findings.');
  }
}

interface IProblemsProps {
  notebook: INotebookFindings;
  problems: IProblem[];
  notice: string;
  numbers: Numbers;
  trans: TranslationBundle;
}

/** Amber: what could not be scanned, and why. Silence would look like a clean notebook. */
export function Problems(props: IProblemsProps): React.JSX.Element | null {
  const { notebook, problems, notice, numbers, trans } = props;
  const { phase, error } = notebook.state;
  const lines: string[] = [];
  if (phase === 'missing') {
    lines.push(
      trans.__(
        'The server has no llmsec-nb, and no kernel has loaded it. Install llmsec-nb where Jupyter runs, or run %load_ext llmsec_nb in this notebook.'
      )
    );
  }
  if (phase === 'error') {
    lines.push(trans.__('The scanner did not answer and is asked again: %1', visible(error)));
  }
  if (notice) {
    lines.push(notice);
  }
  for (const { cell, failure, data } of problems.slice(0, MOST_PROBLEMS)) {
    const remedy = 'remedy' in failure && failure.remedy ? ` (${failure.remedy})` : '';
    const words = visible(`${failure.message}${remedy}`);
    if (cell) {
      lines.push(trans.__('Cell %1: %2', numbers(cell), words));
    } else {
      lines.push(data && failure.path ? `${visible(failure.path)}: ${words}` : words);
    }
  }
  if (problems.length > MOST_PROBLEMS) {
    lines.push(trans.__('… and %1 more', problems.length - MOST_PROBLEMS));
  }
  return lines.length ? (
    <div className="llmsec-problems" role="status">
      <strong>{trans.__('Not everything was scanned')}</strong>
      <ul>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </div>
  ) : null;
}

interface IFooterProps {
  notebook: INotebookFindings;
  trans: TranslationBundle;
}

export function Footer({ notebook, trans }: IFooterProps): React.JSX.Element {
  const { channel, finished, elapsed } = notebook.state;
  const words: string[] = [];
  if (finished && channel) {
    const by = channel === 'server' ? trans.__('by the server') : trans.__('by the kernel');
    const time = finished.toLocaleTimeString();
    words.push(trans.__('Last scan %1, %2, %3 ms', time, by, Math.round(elapsed)));
  }
  if (notebook.suppressed) {
    words.push(trans.__('%1 suppressed', notebook.suppressed));
  }
  if (notebook.lowConfidence) {
    words.push(trans.__('%1 of low confidence not shown', notebook.lowConfidence));
  }
  return <div className="llmsec-footer">{words.join(' · ')}</div>;
}

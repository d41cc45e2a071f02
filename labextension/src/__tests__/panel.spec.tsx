import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { Actions } from '../actions';
import { Panel } from '../panel/panel';
import { Settings } from '../settings';
import type { INotebookFindings } from '../tokens';
import { all, button, click, draw, enter, focus, press, texts } from './drawn';
import {
  column,
  FakeCell,
  FakePanel,
  located,
  rule,
  stillFindings,
  table,
  trans
} from './fixtures';

function panel(notebook: INotebookFindings | null, selected = '') {
  const actions = { reveal: vi.fn(), ignoreHere: vi.fn() };
  const onSelect = vi.fn<(fingerprint: string) => void>();
  const { node } = draw(
    <Panel
      notebook={notebook}
      rules={new Map([['SEC999', rule()]])}
      settings={new Settings()}
      actions={actions as unknown as Actions}
      trans={trans}
      notice=""
      selected={selected}
      onSelect={onSelect}
    />
  );
  return { node, actions, onSelect };
}

const CELLS = [new FakeCell('a', ''), new FakeCell('b', '')];

function some(): INotebookFindings {
  const found = [
    located({ fingerprint: 'one', severity: 'critical', name: 'First' }, CELLS[1].model),
    located({ fingerprint: 'two', severity: 'low', name: 'Second' }, CELLS[0].model),
    located({ fingerprint: 'gone', severity: 'low', suppression: { kind: 'tag' } }),
    located({ fingerprint: 'old', severity: 'low' }, new FakeCell('removed', '').model)
  ];
  return { ...stillFindings(found), panel: new FakePanel(CELLS).panel };
}

describe('Panel', () => {
  it('is a region with a name, and says what to do without a notebook', () => {
    const { node } = panel(null);
    const [region] = all(node, '[role=region]');
    expect([region.getAttribute('aria-label'), region.textContent]).toEqual([
      'Notebook security',
      'Open a notebook to see its findings.'
    ]);
  });

  it('groups what the settings show, the worst first, with the numbers of cells', () => {
    const { node } = panel(some());
    expect(all(node, '[aria-level="1"]').map(each => each.getAttribute('aria-label'))).toEqual([
      'Critical (1)',
      'Low (2)'
    ]);
    expect(texts(node, '.llmsec-row .llmsec-where')).toEqual([
      'cell 2, line 1',
      'cell 1, line 1',
      'cell –, line 1'
    ]);
    expect(texts(node, '.llmsec-summary')).toEqual(['3 findings: 1 critical, 2 low']);
  });

  it('has no filter when nothing was found', () => {
    const { node } = panel(stillFindings());
    expect(all(node, '[role=search], [role=tree]')).toEqual([]);
    expect(texts(node, '.llmsec-summary')).toEqual(['No findings.']);
  });

  it('filters, and says when nothing fits; the summary counts all', () => {
    const { node } = panel(some());
    click(button(node, 'Low 2'));
    expect(texts(node, '.llmsec-row-name')).toEqual(['SEC999 Second', 'SEC999 Made up']);
    enter(all<HTMLInputElement>(node, 'input')[0], 'first');
    expect(texts(node, '.llmsec-empty')).toEqual(['No finding fits the filter.']);
    expect(texts(node, '.llmsec-summary')).toEqual(['3 findings: 1 critical, 2 low']);
    click(button(node, 'Low 2'));
    expect(texts(node, '.llmsec-row-name')).toEqual(['SEC999 First']);
  });

  it('selects a finding and goes there', () => {
    const notebook = some();
    const { node, actions, onSelect } = panel(notebook);
    click(all(node, '.llmsec-row')[0]);
    expect(onSelect.mock.calls).toEqual([['one']]);
    expect(actions.reveal.mock.calls).toEqual([[notebook, notebook.all()[0]]]);
  });

  it('shows tables, and goes from a finding in a column to its row', () => {
    const place = { line: 0, column: 0, end_line: 0, end_column: 0 };
    const found = located({
      rule: 'PII001',
      fingerprint: 'mail',
      location: { type: 'column', path: 'df', column_name: 'mail', ...place }
    });
    const notebook = stillFindings(
      [found],
      {},
      [],
      [table({ columns: [column({ path: 'mail' })] })]
    );
    const { node, actions, onSelect } = panel(notebook, 'mail');
    expect(texts(node, '.llmsec-row .llmsec-where')).toEqual(['column `mail` of `df`']);
    const [row] = all(node, '.llmsec-row');
    focus(row);
    press('Enter');
    expect(onSelect.mock.calls).toEqual([['mail']]);
    expect(document.activeElement?.getAttribute('data-column')).toBe('mail');
    focus(row);
    click(button(node, 'Go to'));
    expect(document.activeElement?.getAttribute('data-column')).toBe('mail');
    expect(actions.reveal.mock.calls).toEqual([]);
  });

  it('explains the selected finding, unless it is not shown', () => {
    expect(texts(panel(some(), 'two').node, '.llmsec-detail h3')).toEqual(['Low SEC999 Second']);
    expect(all(panel(some(), 'gone').node, '.llmsec-detail')).toEqual([]);
    expect(all(panel(some(), 'unknown').node, '.llmsec-detail')).toEqual([]);
  });
});

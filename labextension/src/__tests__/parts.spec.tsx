import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { Actions } from '../actions';
import { Footer, Problems, Summary } from '../panel/parts';
import type { ILocated, IProblem, IScanState } from '../tokens';
import { all, button, click, draw, HOSTILE, texts } from './drawn';
import { FakeCell, fix, located, stillFindings, trans } from './fixtures';

const PROBLEM: IProblem = { cell: null, failure: { path: 'p', message: 'too deep' } };

function summary(found: ILocated[], state: Partial<IScanState> = {}, problems: IProblem[] = []) {
  const notebook = stillFindings(found, state, problems);
  const actions = { fixAllSafe: vi.fn(), askAndExport: vi.fn() };
  const { node } = draw(
    <Summary
      notebook={notebook}
      found={found}
      actions={actions as unknown as Actions}
      trans={trans}
    />
  );
  return { node, notebook, actions, words: texts(node, '[role=status]')[0] };
}

describe('Summary', () => {
  it.each([
    ['idle', [], 'Scanning…'],
    ['scanning', [], 'Scanning…'],
    ['missing', [], 'Nothing is scanned.'],
    ['error', [], 'The scan failed.'],
    ['done', [], 'No findings.'],
    ['done', [PROBLEM], 'No findings in what could be scanned.']
  ] as const)('without findings, %s, says so', (phase, problems, words) => {
    expect(summary([], { phase }, [...problems]).words).toBe(words);
  });

  it('counts findings by severity, the worst first, without the suppressed ones', () => {
    const found = [
      located({ severity: 'low' }),
      located({ severity: 'critical' }),
      located({ severity: 'low' }),
      located({ severity: 'high', suppression: { kind: 'tag' } })
    ];
    expect(summary(found).words).toBe('3 findings: 1 critical, 2 low');
    expect(summary([found[0]]).words).toBe('1 finding: 1 low');
    expect(summary([found[3]]).words).toBe('No findings.');
  });

  it('keeps saying what was found while it scans again', () => {
    expect(summary([located()], { phase: 'scanning' }).words).toBe('1 finding: 1 high');
  });

  it('is read aloud when it changes', () => {
    expect(all(summary([]).node, '[role=status]')[0].getAttribute('aria-live')).toBe('polite');
  });

  it('offers safe fixes only when there are any', () => {
    const safe = [fix('mask', { safe: true })];
    const offers = (found: ILocated) => !button(summary([found]).node, 'Fix all safe').disabled;
    expect(offers(located())).toBe(false);
    expect(offers(located({ fixes: [fix('mask'), fix('ignore', { safe: true })] }))).toBe(false);
    expect(offers(located({ fixes: safe }))).toBe(true);
    expect(offers(located({ fixes: safe, suppression: { kind: 'tag' } }))).toBe(false);
  });

  it('scans, mends and exports', () => {
    const { node, notebook, actions } = summary([
      located({ fixes: [fix('mask', { safe: true })] })
    ]);
    click(button(node, 'Scan'));
    click(button(node, 'Fix all safe'));
    click(button(node, 'Export…'));
    expect(vi.mocked(notebook.rescan)).toHaveBeenCalledTimes(1);
    expect(actions.fixAllSafe.mock.calls).toEqual([[notebook]]);
    expect(actions.askAndExport.mock.calls).toEqual([[notebook]]);
  });
});

function lines(state: Partial<IScanState>, problems: IProblem[] = [], notice = ''): string[] {
  const { node } = draw(
    <Problems
      notebook={stillFindings([], state, problems)}
      problems={problems}
      notice={notice}
      numbers={() => '3'}
      trans={trans}
    />
  );
  expect(all(node, 'img, script, a')).toEqual([]);
  return texts(node, 'li');
}

describe('Problems', () => {
  it('are nothing when all is well', () => {
    expect(lines({ phase: 'done' })).toEqual([]);
    expect(lines({ phase: 'scanning' })).toEqual([]);
  });

  it('say how to get a scanner', () => {
    const [words, ...others] = lines({ phase: 'missing' });
    expect(words).toContain('Install llmsec-nb where Jupyter runs');
    expect(words).toContain('%load_ext llmsec_nb');
    expect(others).toEqual([]);
  });

  it('say what went wrong, spelled out', () => {
    expect(lines({ phase: 'error', error: `${HOSTILE}\u202e` })).toEqual([
      `The scanner did not answer and is asked again: ${HOSTILE}<U+202E>`
    ]);
  });

  it('name the cell, what to do, and the versions in play', () => {
    const problems: IProblem[] = [
      {
        cell: new FakeCell('a', '').model,
        failure: { path: 'p', message: HOSTILE, remedy: 'save it' }
      },
      PROBLEM,
      { cell: null, failure: { path: 'p', message: 'left out' } }
    ];
    expect(lines({}, problems, 'versions differ')).toEqual([
      'versions differ',
      `Cell 3: ${HOSTILE} (save it)`,
      'too deep',
      'left out'
    ]);
  });

  it('name the data that could not be read as a whole', () => {
    const failure = { path: 'df\u202e', message: 'INCOMPLETE', remedy: 'run on' };
    const problem = { cell: null, failure, data: true };
    const notebook = stillFindings([], {}, [problem]);
    const { node } = draw(
      <Problems
        notebook={notebook}
        problems={[problem, { ...problem, failure: { path: '', message: 'odd' } }]}
        notice=""
        numbers={() => ''}
        trans={trans}
      />
    );
    expect(texts(node, 'li')).toEqual(['df<U+202E>: INCOMPLETE (run on)', 'odd']);
  });

  it('are twenty at most, and say how many more there are', () => {
    const shown = lines(
      {},
      Array.from({ length: 5000 }, () => PROBLEM)
    );
    expect(shown).toHaveLength(21);
    expect(shown[20]).toBe('… and 4980 more');
    expect(
      lines(
        {},
        Array.from({ length: 20 }, () => PROBLEM)
      )
    ).toHaveLength(20);
  });
});

describe('Footer', () => {
  const words = (found: ILocated[], state: Partial<IScanState>, lowConfidence = 0) => {
    const notebook = { ...stillFindings(found, state), lowConfidence };
    return draw(<Footer notebook={notebook} trans={trans} />).node.textContent;
  };
  const time = new Date(2026, 0, 2, 3, 4, 5).toLocaleTimeString();

  it('says when, by whom and how fast', () => {
    expect(words([], {})).toBe(`Last scan ${time}, by the server, 12 ms`);
    expect(words([], { channel: 'kernel', elapsed: 3.6 })).toBe(
      `Last scan ${time}, by the kernel, 4 ms`
    );
  });

  it('says nothing before the first scan', () => {
    expect(words([], { finished: null })).toBe('');
  });

  it('counts what is not shown', () => {
    const found = [located({ suppression: { kind: 'tag' } }), located()];
    expect(words(found, { channel: null }, 4)).toBe('1 suppressed · 4 of low confidence not shown');
  });
});

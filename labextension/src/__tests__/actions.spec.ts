import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, Notification, showErrorMessage } from '@jupyterlab/apputils';
import type { ICellModel } from '@jupyterlab/cells';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Actions } from '../actions';
import type { ServerScanner } from '../client';
import type * as repair from '../repair';
import { repairCell } from '../repair';
import { reveal } from '../reveal';
import { Settings } from '../settings';
import type { ILocated, INotebookFindings } from '../tokens';
import { edit, FakeCell, fix, located, stillFindings, trans } from './fixtures';

vi.mock('@jupyterlab/apputils', () => ({
  InputDialog: { getText: vi.fn(), getItem: vi.fn() },
  Notification: { info: vi.fn(), error: vi.fn() },
  showErrorMessage: vi.fn()
}));
vi.mock('../reveal', () => ({ reveal: vi.fn() }));
vi.mock('../repair', async original => ({
  ...(await original<typeof repair>()),
  repairCell: vi.fn(() => [])
}));

const CELL = new FakeCell('a', '').model;
const OTHER = new FakeCell('b', '').model;
const told = () => vi.mocked(Notification.info).mock.calls.map(([message]) => message);
const repaired = () =>
  vi.mocked(repairCell).mock.calls.map(([cell, repairs]) => [cell.id, Object.fromEntries(repairs)]);

/** What people answer in the next dialog. */
function answer(value: string | null): void {
  vi.mocked(InputDialog.getText).mockResolvedValue({
    button: { accept: value !== null } as never,
    value,
    isChecked: null
  });
}

/** A notebook whose findings are those of the next scan each time it settles. */
function scanned(...scans: ILocated[][]): INotebookFindings {
  let current = scans[0];
  const later = scans.slice(1);
  return {
    ...stillFindings(),
    panel: { id: 'p', content: { model: {} }, context: { path: 'work/a.ipynb' } },
    all: () => current,
    isFresh: () => true,
    settled: () => {
      if (vi.mocked(repairCell).mock.calls.length) {
        current = later.shift() ?? current;
      }
      return Promise.resolve();
    },
    rescan: vi.fn(() => Promise.resolve())
  } as unknown as INotebookFindings;
}

function at(pointer: string, cell: ICellModel = CELL, change: object = {}): ILocated {
  const location = { type: 'cell', line: 0, column: 0, end_line: 0, end_column: 1, pointer };
  return located({ location, ...change } as never, cell);
}

function acting(server: object = {}) {
  const contents = {
    get: vi.fn(() => Promise.resolve({ content: 'before' })),
    save: vi.fn(() => Promise.resolve()),
    delete: vi.fn(() => Promise.resolve())
  };
  const shell = { activateById: vi.fn() };
  const app = { shell, serviceManager: { contents } } as unknown as JupyterFrontEnd;
  const actions = new Actions(app, server as ServerScanner, new Settings(), trans);
  return { actions, contents, shell };
}

describe('Actions', () => {
  beforeEach(() => {
    vi.clearAllMocks();
    vi.mocked(repairCell).mockReturnValue([]);
  });

  it('goes from finding to finding and round, past what is suppressed or in no cell', async () => {
    const found = [
      located({ fingerprint: '1' }, CELL),
      located({ fingerprint: 's', suppression: { kind: 'tag' } }, CELL),
      located({ fingerprint: 'n' }),
      located({ fingerprint: '2' }, OTHER)
    ];
    const notebook = scanned(found);
    const { actions, shell } = acting();
    const shown = () => vi.mocked(reveal).mock.calls.map(([, each]) => each.finding.fingerprint);
    await actions.step(notebook, 1);
    await actions.step(notebook, 1);
    await actions.step(notebook, 1);
    await actions.step(notebook, -1);
    expect(shown()).toEqual(['1', '2', '1', '2']);
    expect(shell.activateById.mock.calls).toEqual([['p'], ['p'], ['p'], ['p']]);
    await acting().actions.step(scanned(found), -1);
    expect(shown()[4]).toBe('2');
  });

  it('says so when there is no finding to go to', async () => {
    await acting().actions.step(scanned([located()]), 1);
    expect(told()).toEqual(['No findings in this notebook.']);
  });

  it('applies a fix as the finding is now, not as it was when it was shown', async () => {
    const change = (start: number) => ({
      fingerprint: 'same',
      fixes: [fix('mask', { edits: [edit(start, start + 1, '*')] })]
    });
    // Copied notebooks and cells may hold findings with equal fingerprints.
    const notebook = scanned([at('/q', OTHER, change(7)), at('/p', CELL, change(5))]);
    await acting().actions.apply(notebook, at('/p', CELL, change(0)), 'mask');
    expect(repaired()).toEqual([['a', { '/p': [edit(5, 6, '*')] }]]);
  });

  it('changes nothing when the finding is gone', async () => {
    await acting().actions.apply(scanned([]), at('/p', CELL, { fixes: [fix('mask')] }), 'mask');
    expect(repaired()).toEqual([]);
    expect(told()).toEqual(['The text has changed; this finding is no longer there.']);
  });

  it('changes nothing of a cell that could not be judged since it was edited', async () => {
    const shown = at('/p', CELL, { fixes: [fix('mask', { safe: true })] });
    const stale = { ...scanned([shown]), isFresh: () => false };
    await acting().actions.apply(stale, shown, 'mask');
    await acting().actions.fixAllSafe(stale);
    expect(repaired()).toEqual([]);
  });

  it('says so when a fix does not fit', async () => {
    vi.mocked(repairCell).mockReturnValue(['/p']);
    const shown = at('/p', CELL, { fixes: [fix('mask')] });
    await acting().actions.apply(scanned([shown]), shown, 'mask');
    expect(vi.mocked(Notification.error).mock.calls).toEqual([
      [expect.stringContaining('A fix could not be applied'), { autoClose: 8000 }]
    ]);
  });

  it('tries a cell whose fixes do not fit once, and says so once', async () => {
    vi.mocked(repairCell).mockImplementation(cell => (cell === CELL ? ['/p'] : []));
    const safe = { fixes: [fix('mask', { safe: true })] };
    const notebook = scanned([at('/p', CELL, safe), at('/q', OTHER, safe)], [at('/p', CELL, safe)]);
    await acting().actions.fixAllSafe(notebook);
    expect(repaired().map(([id]) => id)).toEqual(['a', 'b']);
    expect(vi.mocked(Notification.error).mock.calls).toHaveLength(1);
    expect(told()).toEqual(['1 finding mended.']);
  });

  it('writes why a finding is ignored, and nothing when people think better of it', async () => {
    const ignore = fix('ignore', { edits: [edit(3, 3, '# {reason}')] });
    const shown = at('/p', CELL, { fixes: [ignore] });
    const { actions } = acting();
    answer(null);
    await actions.ignoreHere(scanned([shown]), shown);
    expect(repaired()).toEqual([]);
    answer('a test\nvalue');
    await actions.ignoreHere(scanned([shown]), shown);
    expect(repaired()).toEqual([['a', { '/p': [edit(3, 3, '# a test value')] }]]);
  });

  it('says so when no comment can stand there', async () => {
    await acting().actions.ignoreHere(scanned([]), at('/p'));
    expect(vi.mocked(InputDialog.getText)).not.toHaveBeenCalled();
    expect(vi.mocked(showErrorMessage).mock.calls).toEqual([
      ['Ignore SEC999 here', 'No comment can stand here; ignore the rule instead.']
    ]);
  });

  it('applies the safe fixes, cell by cell, and again while scans find more', async () => {
    const safe = (start: number) => [
      fix('ignore', { safe: true }),
      fix('mask', { safe: true, edits: [edit(start, start + 1, '*')] })
    ];
    const first = [
      at('/p', CELL, { fixes: safe(0) }),
      at('/p', CELL, { fixes: safe(4) }),
      at('/q', OTHER, { fixes: safe(2) }),
      at('/p', CELL, { fixes: safe(6), suppression: { kind: 'tag' } }),
      at('/p', CELL, { fixes: [fix('mask', { edits: [edit(8, 9, '*')] })] })
    ];
    await acting().actions.fixAllSafe(scanned(first, [at('/p', CELL, { fixes: safe(1) })], []));
    expect(repaired()).toEqual([
      ['a', { '/p': [edit(0, 1, '*'), edit(4, 5, '*')] }],
      ['b', { '/q': [edit(2, 3, '*')] }],
      ['a', { '/p': [edit(1, 2, '*')] }]
    ]);
    expect(told()).toEqual(['3 findings mended.']);
  });

  it('ends although a fix does not help', async () => {
    const stubborn = at('/p', CELL, { fixes: [fix('mask', { safe: true })] });
    await acting().actions.fixAllSafe(scanned([stubborn]));
    expect(vi.mocked(repairCell).mock.calls).toHaveLength(5);
  });

  it('masks the outputs of one cell only', async () => {
    const output = (cell: ICellModel) => {
      const location = {
        type: 'output',
        output: 0,
        mime: 'text/plain',
        line: 0,
        column: 0,
        end_line: 0,
        end_column: 1,
        pointer: '/o'
      };
      return at('', cell, { location, fixes: [fix('mask')] });
    };
    const source = at('/p', CELL, { fixes: [fix('mask')] });
    await acting().actions.maskOutputs(scanned([source, output(CELL), output(OTHER)], []), CELL);
    expect(repaired()).toEqual([['a', { '/o': [edit(0, 1, '*')] }]]);
    expect(told()).toEqual(['Masked 1 finding. Undo brings it back.']);
  });

  describe('ignoring a rule', () => {
    const place = { file: 'work/pyproject.toml', shown: 'pyproject.toml', exists: true };
    const server = (change: object = {}) => ({
      configPlace: vi.fn(() => Promise.resolve({ ...place, ...change })),
      ignoreRule: vi.fn(() => Promise.resolve({ text: 'after' }))
    });
    const saved = (content: string) => [
      'work/pyproject.toml',
      { type: 'file', format: 'text', content }
    ];

    it('writes the configuration, scans again and can be undone', async () => {
      const replies = server();
      const { actions, contents } = acting(replies);
      const notebook = scanned([]);
      answer('known');
      await actions.ignoreRule(notebook, located().finding);
      expect(replies.configPlace.mock.calls).toEqual([['work/a.ipynb']]);
      expect(replies.ignoreRule.mock.calls).toEqual([
        [{ name: 'pyproject.toml', text: 'before', rule: 'SEC999', reason: 'known' }]
      ]);
      expect(contents.save.mock.calls).toEqual([saved('after')]);
      expect(vi.mocked(notebook.rescan)).toHaveBeenCalledTimes(1);
      const [[, options]] = vi.mocked(Notification.info).mock.calls;
      options?.actions?.[0].callback(new MouseEvent('click'));
      await vi.waitFor(() => expect(vi.mocked(notebook.rescan)).toHaveBeenCalledTimes(2));
      expect(contents.save.mock.calls[1]).toEqual(saved('before'));
    });

    it('makes the file when there is none, and undo deletes it', async () => {
      const replies = server({ exists: false });
      const { actions, contents } = acting(replies);
      const notebook = scanned([]);
      answer('');
      await actions.ignoreRule(notebook, located().finding);
      expect(contents.get).not.toHaveBeenCalled();
      expect(replies.ignoreRule.mock.calls).toEqual([
        [{ name: 'pyproject.toml', text: '', rule: 'SEC999', reason: '' }]
      ]);
      vi.mocked(Notification.info).mock.calls[0][1]?.actions?.[0].callback(new MouseEvent('click'));
      await vi.waitFor(() => expect(contents.delete.mock.calls).toEqual([[place.file]]));
    });

    it('writes nothing at a no, nor where the file cannot be reached', async () => {
      const { actions, contents } = acting(server());
      answer(null);
      await actions.ignoreRule(scanned([]), located().finding);
      const out = acting(server({ file: '' }));
      await out.actions.ignoreRule(scanned([]), located().finding);
      expect([contents.save.mock.calls, out.contents.save.mock.calls]).toEqual([[], []]);
      expect(vi.mocked(showErrorMessage).mock.calls).toEqual([
        ['Ignore SEC999 in this project', 'Add it to "ignore" in pyproject.toml by hand.']
      ]);
    });

    it('says what went wrong', async () => {
      const problem = new Error('no configuration');
      const { actions } = acting({ configPlace: () => Promise.reject(problem) });
      await actions.ignoreRule(scanned([]), located().finding);
      expect(vi.mocked(showErrorMessage).mock.calls).toEqual([
        ['Ignore SEC999 in this project', problem]
      ]);
    });
  });
});

// @vitest-environment node
import { PromiseDelegate } from '@lumino/coreutils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { IScanner } from '../client';
import { ScanFailed, ScannerMissing } from '../client';
import { NotebookFindings } from '../notebook';
import type { Channel } from '../tokens';
import type { CellReply, Finding, ScanReply, ScanRequest } from '../wire';
import { at, FakeCell, FakePanel, finding, table } from './fixtures';

const PERIOD = 100;

/** Answers each cell with one finding whose message is the cell's source, unless told otherwise. */
class FakeScanner implements IScanner {
  readonly asked: ScanRequest[] = [];
  policy = 'first';
  answer: (request: ScanRequest) => Promise<ScanReply> | ScanReply = request => ({
    cells: (request.cells ?? []).map(echo),
    notebook: request.metadata ? { key: '' } : null,
    policy: this.policy
  });

  async scan(request: ScanRequest): Promise<ScanReply> {
    this.asked.push(request);
    return this.answer(request);
  }

  /** The sources that each request held; `null` stands for the notebook's metadata. */
  get sources(): (string | null)[][] {
    return this.asked.map(({ cells = [], metadata }) => [
      ...(metadata ? [null] : []),
      ...cells.map(sourceOf)
    ]);
  }
}

const sourceOf = ({ cell }: { cell: object }) => (cell as { source: string }).source;

function echo(input: { key: string; cell: object }): CellReply {
  return { key: input.key, findings: [at(0, 0, { message: sourceOf(input) })] };
}

interface ISetup {
  scanner?: IScanner;
  others?: { channel: Channel; scanner: IScanner }[];
  maxBytes?: number;
}

async function opened(cells: FakeCell[], setup: ISetup = {}) {
  const fake = new FakePanel(cells);
  const scanner = new FakeScanner();
  const told: string[] = [];
  const scanners = setup.others ?? [
    { channel: 'server' as const, scanner: setup.scanner ?? scanner }
  ];
  const notebook = new NotebookFindings({
    panel: fake.panel,
    scanners: () => scanners,
    quietPeriod: () => PERIOD,
    maxBytes: () => setup.maxBytes ?? 32_000_000,
    notify: cell => told.push(cell.id)
  });
  await vi.advanceTimersByTimeAsync(0);
  return { fake, notebook, scanner, scanners, told };
}

const pass = (time: number) => vi.advanceTimersByTimeAsync(time);
const said = (notebook: NotebookFindings) => notebook.all().map(({ finding: f }) => f.message);
const problems = (notebook: NotebookFindings) =>
  notebook.problems().map(({ cell, failure }) => [cell?.id ?? null, failure.message]);

describe('NotebookFindings', () => {
  let a: FakeCell;
  let b: FakeCell;
  let c: FakeCell;

  beforeEach(() => {
    vi.useFakeTimers();
    a = new FakeCell('a', 'one');
    b = new FakeCell('b', 'two');
    c = new FakeCell('c', 'three');
  });

  it('has everything judged at once when a notebook is opened', async () => {
    const { notebook, scanner, told } = await opened([a, b]);
    expect(scanner.asked).toHaveLength(1);
    const [{ path, cells, metadata }] = scanner.asked;
    expect(path).toBe('work/a.ipynb');
    expect(metadata).toEqual({ kernelspec: { name: 'python3' } });
    expect(cells?.map(({ index, cell }) => [index, cell])).toEqual([
      [0, { cell_type: 'code', id: 'a', source: 'one' }],
      [1, { cell_type: 'code', id: 'b', source: 'two' }]
    ]);
    expect(said(notebook)).toEqual(['one', 'two']);
    expect(told).toEqual(['a', 'b']);
    expect(notebook.state).toMatchObject({ phase: 'done', channel: 'server', error: '' });
    expect(notebook.of(b.model).map(({ cell, pushed }) => [cell, pushed])).toEqual([
      [b.model, false]
    ]);
  });

  it('sends only the cells that have changed, after the quiet period', async () => {
    const { notebook, scanner } = await opened([a, b, c]);
    b.write('TWO');
    await pass(PERIOD - 1);
    expect(scanner.asked).toHaveLength(1);
    expect(notebook.isFresh(b.model)).toBe(false);
    await pass(1);
    expect(scanner.sources.slice(1)).toEqual([['TWO']]);
    expect(scanner.asked[1].cells?.[0].index).toBe(1);
    expect(scanner.asked[1].metadata).toBeNull();
    expect(said(notebook)).toEqual(['one', 'TWO', 'three']);
    expect(notebook.isFresh(b.model)).toBe(true);
  });

  it('sends the metadata when it has changed, and asks for nothing when nothing has', async () => {
    const { fake, notebook, scanner } = await opened([a]);
    fake.metadata = { title: 'new' };
    fake.metadataChanged.emit();
    await pass(PERIOD);
    expect(scanner.asked.slice(1)).toEqual([
      { path: 'work/a.ipynb', cells: [], metadata: { title: 'new' } }
    ]);
    await notebook.settled();
    await pass(60000);
    expect(scanner.asked).toHaveLength(2);
  });

  it('drops the reply about text that has changed since, and asks again', async () => {
    const { notebook, scanner } = await opened([a]);
    const slow = new PromiseDelegate<void>();
    const usual = scanner.answer;
    scanner.answer = async request => {
      await slow.promise;
      return usual(request);
    };
    a.write('old');
    await pass(PERIOD);
    a.write('new');
    slow.resolve();
    await pass(0);
    expect([scanner.sources.slice(1), said(notebook)]).toEqual([[['old']], ['one']]);
    await pass(10000);
    expect([scanner.sources.slice(1), said(notebook)]).toEqual([[['old'], ['new']], ['new']]);
  });

  it('settled resolves when what was edited is judged', async () => {
    const { notebook, scanner } = await opened([a]);
    a.write('edited');
    await notebook.settled();
    expect([scanner.sources.slice(1), said(notebook)]).toEqual([[['edited']], ['edited']]);
  });

  it('rescan sends everything again', async () => {
    const { notebook, scanner } = await opened([a, b]);
    await notebook.rescan();
    expect(scanner.sources).toEqual([
      [null, 'one', 'two'],
      [null, 'one', 'two']
    ]);
  });

  it('judges a new cell, and forgets one that was removed', async () => {
    const { fake, notebook, scanner } = await opened([a, b]);
    fake.replace([b, c]);
    expect(said(notebook)).toEqual(['two']);
    await pass(PERIOD);
    expect(scanner.sources.slice(1)).toEqual([['three']]);
    expect(said(notebook)).toEqual(['two', 'three']);
  });

  it('shows findings in the order of the document after cells are moved', async () => {
    const { fake, notebook, scanner } = await opened([a, b]);
    fake.replace([b, a]);
    await pass(1000);
    expect([said(notebook), scanner.asked.length]).toEqual([['two', 'one'], 1]);
  });

  it('tells of changes once a frame', async () => {
    const { notebook } = await opened([a]);
    await pass(100);
    const changed = vi.fn();
    notebook.changed.connect(changed);
    notebook.refresh();
    notebook.refresh();
    expect(changed).not.toHaveBeenCalled();
    await pass(16);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('counts suppressed findings and those of low confidence', async () => {
    const scanner = new FakeScanner();
    scanner.answer = ({ cells = [] }) => ({
      cells: cells.map(({ key }) => ({
        key,
        low_confidence: 2,
        findings: [finding(), finding({ suppression: { kind: 'comment' } })]
      }))
    });
    const { notebook } = await opened([a, b], { scanner });
    expect([notebook.suppressed, notebook.lowConfidence]).toEqual([2, 4]);
  });

  it('says what the scanner could not scan', async () => {
    const scanner = new FakeScanner();
    scanner.answer = ({ cells = [] }) => ({
      cells: [{ key: cells[0].key, failures: [{ path: 'p', message: 'too deep', cell: 0 }] }],
      failures: [{ path: 'p', message: 'bad configuration' }],
      skips: [{ path: 'p', message: 'left out' }]
    });
    const { notebook } = await opened([a, b], { scanner });
    expect(problems(notebook)).toEqual([
      [null, 'bad configuration'],
      [null, 'left out'],
      ['a', 'too deep'],
      ['b', 'not scanned: the scanner did not answer for this cell']
    ]);
  });

  describe('a refused batch', () => {
    /** Refuses what holds a cell that says so. */
    function choosy(): FakeScanner {
      const scanner = new FakeScanner();
      const usual = scanner.answer;
      scanner.answer = request => {
        if (request.cells?.some(cell => sourceOf(cell) === 'bad')) {
          throw new ScanFailed('cannot be read', true);
        }
        return usual(request);
      };
      return scanner;
    }

    it('is split, and one bad cell does not hide the others', async () => {
      const cells = ['1', '2', 'bad', '4', '5'].map(text => new FakeCell(`id${text}`, text));
      const scanner = choosy();
      const { notebook, told } = await opened(cells, { scanner });
      expect(said(notebook)).toEqual(['1', '2', '4', '5']);
      expect(problems(notebook)).toEqual([['idbad', 'not scanned: cannot be read']]);
      expect(notebook.state.phase).toBe('done');
      expect(told.sort()).toEqual(['id1', 'id2', 'id4', 'id5', 'idbad']);
      expect(scanner.asked.length).toBeLessThanOrEqual(7);
    });

    it('is not sent again until its cell is edited', async () => {
      const scanner = choosy();
      const { notebook } = await opened([a, new FakeCell('x', 'bad')], { scanner });
      const { length } = scanner.asked;
      await pass(60000);
      expect(scanner.asked).toHaveLength(length);
      a.write('good');
      await pass(PERIOD);
      expect(scanner.sources.slice(length)).toEqual([['good']]);
      expect(problems(notebook)).toEqual([['x', 'not scanned: cannot be read']]);
    });

    it('of the metadata alone names no cell', async () => {
      const scanner = new FakeScanner();
      const usual = scanner.answer;
      scanner.answer = request => {
        if (request.metadata) {
          throw new ScanFailed('no', true);
        }
        return usual(request);
      };
      const { notebook } = await opened([a], { scanner });
      expect(said(notebook)).toEqual(['one']);
      expect(notebook.problems()).toEqual([
        { cell: null, failure: { path: 'work/a.ipynb', message: 'not scanned: no', cell: null } }
      ]);
    });
  });

  it('does not send a cell that is too large, and says so', async () => {
    const huge = new FakeCell('huge', 'x'.repeat(1000));
    const { notebook, scanner, told } = await opened([a, huge], { maxBytes: 1000 });
    expect(scanner.sources).toEqual([[null, 'one']]);
    expect(notebook.problems()).toEqual([
      {
        cell: huge.model,
        failure: {
          path: 'work/a.ipynb',
          message: 'not scanned: the cell with its outputs is too large to be scanned live',
          remedy: 'save the notebook and run llmsec check on it',
          cell: 1
        }
      }
    ]);
    expect([said(notebook), notebook.state.phase, told]).toEqual([['one'], 'done', ['huge', 'a']]);
    huge.write('small');
    await pass(PERIOD);
    expect([problems(notebook), said(notebook)]).toEqual([[], ['one', 'small']]);
  });

  it('says so as well of metadata that are too large', async () => {
    const fake = [a];
    const { notebook } = await opened(fake, { maxBytes: 100 });
    expect(notebook.problems()).toEqual([]);
    const small = await opened(fake, { maxBytes: 20 });
    expect(problems(small.notebook)[0]).toEqual([
      null,
      'not scanned: the metadata of the notebook are too large to be scanned live'
    ]);
  });

  describe('without the server', () => {
    const gone: IScanner = { scan: () => Promise.reject(new ScannerMissing('no such page')) };

    it('has the kernel judge', async () => {
      const kernel = new FakeScanner();
      const { notebook } = await opened([a], {
        others: [
          { channel: 'server', scanner: gone },
          { channel: 'kernel', scanner: kernel }
        ]
      });
      expect(said(notebook)).toEqual(['one']);
      expect(notebook.state).toMatchObject({ phase: 'done', channel: 'kernel' });
      expect(kernel.asked[0].path).toBe('a.ipynb'); // the kernel runs where the notebook is
    });

    it('has the kernel judge also when the server fails', async () => {
      const kernel = new FakeScanner();
      const down: IScanner = { scan: () => Promise.reject(new ScanFailed('down')) };
      const { notebook } = await opened([a], {
        others: [
          { channel: 'server', scanner: down },
          { channel: 'kernel', scanner: kernel }
        ]
      });
      expect([said(notebook), notebook.state.channel]).toEqual([['one'], 'kernel']);
    });

    it('and without a kernel says that nobody can judge, and does not ask on', async () => {
      const scan = vi.spyOn(gone, 'scan');
      const { notebook } = await opened([a], { scanner: gone });
      expect(notebook.state).toMatchObject({ phase: 'missing', channel: null, error: '' });
      await pass(120000);
      expect(scan).toHaveBeenCalledTimes(1);
    });

    it('says the same when there is nobody to ask, and looks again when somebody comes', async () => {
      const { notebook, scanner, scanners } = await opened([a], { others: [] });
      expect(notebook.state.phase).toBe('missing');
      scanners.push({ channel: 'kernel', scanner });
      notebook.reconsider();
      await pass(PERIOD);
      expect(notebook.state).toMatchObject({ phase: 'done', channel: 'kernel' });
      expect(said(notebook)).toEqual(['one']);
      notebook.reconsider(); // all is judged
      await pass(1000);
      expect(scanner.asked).toHaveLength(1);
    });
  });

  describe('after an error', () => {
    it('says so and tries again, each time after a longer while', async () => {
      const scanner = new FakeScanner();
      const usual = scanner.answer;
      const times: number[] = [];
      const begin = performance.now();
      scanner.answer = () => {
        times.push(Math.round(performance.now() - begin));
        throw new ScanFailed('down');
      };
      const { notebook } = await opened([a], { scanner });
      expect(notebook.state).toMatchObject({ phase: 'error', error: 'down' });
      await pass(100000);
      const waits = times.slice(1).map((time, index) => time - times[index]);
      expect(waits.slice(0, 6)).toEqual([2100, 4100, 8100, 16100, 30100, 30100]);
      scanner.answer = usual;
      await pass(31000);
      expect(said(notebook)).toEqual(['one']);
      expect(notebook.state).toMatchObject({ phase: 'done', error: '' });
    });

    it('begins with short waits again once it has worked', async () => {
      const { notebook, scanner } = await opened([a]);
      const usual = scanner.answer;
      for (let round = 0; round < 2; round++) {
        const { length } = scanner.asked;
        scanner.answer = () => Promise.reject(new Error('odd'));
        a.write(`round ${round}`);
        await pass(PERIOD);
        expect(notebook.state).toMatchObject({ phase: 'error', error: 'odd' });
        scanner.answer = usual;
        await pass(2000 + PERIOD);
        expect(scanner.asked).toHaveLength(length + 2);
        expect(said(notebook)).toEqual([`round ${round}`]);
      }
    });

    it('is well again when what could not be judged is gone', async () => {
      const { fake, notebook, scanner } = await opened([a]);
      scanner.answer = () => Promise.reject(new ScanFailed('down'));
      fake.replace([a, b]);
      await pass(PERIOD);
      expect(notebook.state.phase).toBe('error');
      fake.replace([a]);
      await pass(10000);
      expect(notebook.state).toMatchObject({ phase: 'done', error: '' });
      expect(scanner.asked).toHaveLength(2);
    });

    it('a cell that cannot be read is a problem of its own, and hides no other', async () => {
      const { notebook, scanner } = await opened([a, b]);
      a.toJSON = () => {
        throw new Error('no JSON');
      };
      a.write('x');
      b.write('y');
      await pass(PERIOD);
      expect(scanner.sources.slice(1)).toEqual([['y']]);
      expect(notebook.problems().map(({ cell, failure }) => [cell, failure.message])).toEqual([
        [a.model, 'not scanned: the cell is nested too deeply to be read']
      ]);
    });
  });

  it('has everything judged again when the policy has changed', async () => {
    const { notebook, scanner } = await opened([a, b]);
    scanner.policy = 'second';
    b.write('TWO');
    await pass(PERIOD);
    await pass(10000);
    expect(scanner.sources.slice(1)).toEqual([['TWO'], [null, 'one', 'TWO']]);
    expect([notebook.isFresh(a.model), said(notebook)]).toEqual([true, ['one', 'TWO']]);
  });

  it('sends many cells as several requests', async () => {
    const cells = Array.from({ length: 1010 }, (_, index) => new FakeCell(`i${index}`, `${index}`));
    const { notebook, scanner } = await opened(cells);
    expect(scanner.sources.map(({ length }) => length)).toEqual([500, 500, 11]);
    expect(said(notebook)).toHaveLength(1010);
  });

  describe('what the kernel pushes', () => {
    const about = (cell: string | null, change: Partial<Finding> = {}) =>
      finding({
        location: {
          type: 'output',
          output: 0,
          mime: 'text/plain',
          line: 0,
          column: 0,
          end_line: 0,
          end_column: 1,
          cell_id: cell
        },
        ...change
      });
    const pushed = (notebook: NotebookFindings) =>
      notebook
        .all()
        .filter(({ pushed: unasked }) => unasked)
        .map(({ cell, finding: { message } }) => [cell?.id ?? null, message]);

    it('attaches by the id of the cell', async () => {
      const { notebook, told } = await opened([a, b]);
      told.length = 0;
      const findings = [
        about('b', { message: 'in b' }),
        about(null, { message: 'in memory' }),
        about('elsewhere')
      ];
      notebook.push({ source: 'run', report: { findings } });
      expect(pushed(notebook)).toEqual([
        [null, 'in memory'],
        ['b', 'in b']
      ]);
      expect(told).toEqual(['a', 'b']);
    });

    it('replaces the last report of the same source, for the cells that it names', async () => {
      const { notebook } = await opened([a, b]);
      const report = (message: string) => ({
        findings: [about('a', { message }), about('b', { message })]
      });
      notebook.push({ source: 'run', report: report('1') });
      notebook.push({ source: 'run', report: report('2'), cells: ['a'] });
      expect(pushed(notebook)).toEqual([
        ['a', '2'],
        ['b', '1']
      ]);
      notebook.push({ source: 'run', report: {}, cells: ['b'] });
      expect(pushed(notebook)).toEqual([['a', '2']]);
      notebook.push({ source: 'run', report: {}, cells: [] });
      expect(pushed(notebook)).toEqual([]);
    });

    it('of tables is kept, with what could not be read, until the kernel is gone', async () => {
      const { notebook } = await opened([a]);
      const problem = { path: 'df', message: 'INCOMPLETE' };
      const place = { line: 0, column: 0, end_line: 0, end_column: 0 };
      const inColumn = (message: string) =>
        finding({ message, location: { type: 'column', path: 'df', column_name: 'x', ...place } });
      const report = (message: string) => ({
        findings: [inColumn(message)],
        tables: [table({ problems: [problem] })],
        failures: [problem, { path: 'df', message: 'cut' }]
      });
      notebook.push({ source: 'data:df,other', report: report('old'), executed: true });
      notebook.push({ source: 'data:df', report: report('new'), executed: true });
      expect(pushed(notebook)).toEqual([[null, 'new']]);
      expect(notebook.tables().map(({ name }) => name)).toEqual(['df']);
      expect(notebook.problems()).toEqual([
        { cell: null, failure: problem, data: true },
        { cell: null, failure: { path: 'df', message: 'cut' }, data: true }
      ]);
      notebook.restarted();
      expect([pushed(notebook), notebook.tables(), notebook.problems()]).toEqual([[], [], []]);
    });

    it('of what it could not scan of the document is left to a scan of that', async () => {
      const { notebook } = await opened([a]);
      const failures = [{ path: 'session', message: 'odd' }];
      notebook.push({ source: 'session', report: { failures }, executed: true });
      expect(notebook.problems()).toEqual([]);
    });

    it('is gone with the kernel', async () => {
      const { notebook, told } = await opened([a, b]);
      notebook.push({ source: 'run', report: { findings: [about('b')] } });
      told.length = 0;
      notebook.restarted();
      expect([pushed(notebook), told, said(notebook)]).toEqual([[], ['b'], ['one', 'two']]);
    });
  });

  it('does nothing once disposed', async () => {
    const { notebook, scanner, told } = await opened([a]);
    told.length = 0;
    notebook.dispose();
    notebook.dispose();
    a.write('x');
    await pass(60000);
    expect([notebook.isDisposed, scanner.asked.length, told]).toEqual([true, 1, []]);
  });

  it('stops asking when it is disposed between two tries', async () => {
    const scan = vi.fn(() => Promise.reject(new ScanFailed('down')));
    const { notebook } = await opened([a], { scanner: { scan } });
    notebook.dispose();
    await pass(60000);
    expect(scan).toHaveBeenCalledTimes(1);
  });

  it('knows its cells, and no others', async () => {
    const { notebook } = await opened([a]);
    expect([notebook.knows(a.model), notebook.knows(b.model)]).toEqual([true, false]);
    expect([notebook.of(b.model), notebook.isFresh(b.model)]).toEqual([[], false]);
  });
});

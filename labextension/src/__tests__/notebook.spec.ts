// @vitest-environment node
import { PromiseDelegate } from '@lumino/coreutils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { IScanner } from '../client';
import { ScanFailed, ScannerMissing } from '../client';
import { NotebookFindings } from '../notebook';
import type { Channel } from '../tokens';
import type { CellReply, CodeInput, Finding, ScanReply, ScanRequest } from '../wire';
import { at, FakeCell, FakePanel, finding, table } from './fixtures';

const PERIOD = 100;

/** Answers each cell with one finding whose message is the cell's source, unless told otherwise. */
class FakeScanner implements IScanner {
  readonly asked: ScanRequest[] = [];
  /** The code that was sent. */
  readonly programs: CodeInput[][] = [];
  /** What was said of where it runs. */
  readonly places: object[] = [];
  policy = 'first';
  judge: (code: CodeInput[]) => Promise<ScanReply> | ScanReply = () => ({ code: [] });
  answer: (request: ScanRequest) => Promise<ScanReply> | ScanReply = request => ({
    cells: (request.cells ?? []).map(echo),
    notebook: request.metadata ? { key: '' } : null,
    policy: this.policy
  });

  async scan(request: ScanRequest): Promise<ScanReply> {
    if (request.code) {
      this.programs.push(request.code);
      const { environment, language, python } = request;
      this.places.push({ environment, language, python });
      return { policy: this.policy, ...(await this.judge(request.code)) };
    }
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
    const { notebook } = await opened(fake, { maxBytes: 200 });
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

  describe('the code as a whole', () => {
    const one = (record: CodeInput, change: Partial<Finding> = {}): CellReply => ({
      key: record.key,
      findings: [at(0, 1, { rule: 'COD001', family: 'code', message: record.source, ...change })]
    });
    /** Says something of the last cell, by what is in the first. */
    function follows(scanner: FakeScanner): void {
      scanner.judge = code => ({
        code: code[0].source === 'safe' ? [] : [one(code[code.length - 1], { message: 'bad' })]
      });
    }
    const sources = ({ programs }: FakeScanner) =>
      programs.map(program => program.map(({ source }) => source));

    it('is judged once the cells are, with all that tells of them', async () => {
      const text = new FakeCell('t', 'words', 'markdown');
      b.tags = ['llmsec-ignore-COD001'];
      b.executionCount = 7;
      const scanner = new FakeScanner();
      const order: string[] = [];
      const [usual, judge] = [scanner.answer, scanner.judge];
      scanner.answer = request => (order.push('cells'), usual(request));
      scanner.judge = code => (order.push('code'), judge(code));
      const { notebook } = await opened([a, text, b], { scanner });
      expect(order).toEqual(['cells', 'code']);
      const [first] = scanner.programs;
      expect(first.map(({ key, ...rest }) => [key.length > 0, rest])).toEqual([
        [true, { index: 0, source: 'one', id: 'a', execution: null, tags: [] }],
        [true, { index: 2, source: 'two', id: 'b', execution: 7, tags: ['llmsec-ignore-COD001'] }]
      ]);
      expect(notebook.state.phase).toBe('done');
    });

    it('is judged anew when the packages of the kernel are known, and when they change', async () => {
      const scanner = new FakeScanner();
      const { notebook, fake } = await opened([a, b], { scanner });
      fake.metadata = { language_info: { name: 'python', version: '3.12.1' } };
      for (const packages of [{ x: '1' }, { x: '1' }, { x: '2' }, null]) {
        notebook.installed(packages);
        await vi.advanceTimersByTimeAsync(10 * PERIOD);
      }
      expect(scanner.places).toEqual([
        { environment: undefined, language: '', python: '' },
        { environment: { x: '1' }, language: '', python: '3.12.1' },
        { environment: { x: '2' }, language: '', python: '3.12.1' },
        { environment: undefined, language: '', python: '3.12.1' }
      ]);
    });

    it('and until then nobody is told that there is nothing', async () => {
      const scanner = new FakeScanner();
      const slow = new PromiseDelegate<void>();
      scanner.judge = async () => {
        await slow.promise;
        return { code: [] };
      };
      const { notebook } = await opened([a], { scanner });
      expect(notebook.state).toMatchObject({ phase: 'scanning', channel: 'server' });
      slow.resolve();
      await pass(0);
      expect(notebook.state.phase).toBe('done');
      a.write('x');
      await pass(PERIOD);
      expect(notebook.state.phase).toBe('done');
    });

    it('is shown among what is said of the cells, in their order, and to those concerned', async () => {
      const scanner = new FakeScanner();
      follows(scanner);
      const { notebook, told } = await opened([a, b], { scanner });
      expect(said(notebook)).toEqual(['one', 'two', 'bad']);
      expect(notebook.of(b.model).map(({ finding: f }) => f.rule)).toEqual(['SEC999', 'COD001']);
      told.length = 0;
      a.write('safe');
      await pass(2 * PERIOD);
      expect(said(notebook)).toEqual(['safe', 'two']);
      expect(told).toEqual(['a', 'b']);
    });

    it('has drawn again only what is said otherwise than before', async () => {
      const scanner = new FakeScanner();
      scanner.judge = code => ({
        code: [
          { ...one(code[1]), findings: [at(0, 0, { fingerprint: 'still' })] },
          { key: '', failures: [{ path: 'p', message: 'm' }] }
        ]
      });
      const { notebook, told } = await opened([a, b], { scanner });
      await pass(100);
      const changed = vi.fn();
      notebook.changed.connect(changed);
      told.length = 0;
      a.write('x');
      await pass(PERIOD + 16);
      expect([told, changed.mock.calls.length]).toEqual([['a'], 1]);
      await pass(10000);
      expect([told, changed.mock.calls.length, scanner.programs.length]).toEqual([['a'], 1, 2]);
    });

    it('is sent again when a source, a tag or the order has changed, and else not', async () => {
      const { fake, notebook, scanner } = await opened([a, b, c]);
      b.write('TWO');
      await pass(2 * PERIOD);
      fake.replace([c, a, b]);
      await pass(2 * PERIOD);
      fake.replace([c, a]);
      await pass(2 * PERIOD);
      a.tags = ['x'];
      a.metadataChanged.emit();
      await pass(2 * PERIOD);
      const sent = [
        ['one', 'two', 'three'],
        ['one', 'TWO', 'three'],
        ['three', 'one', 'TWO'],
        ['three', 'one'],
        ['three', 'one']
      ];
      expect(sources(scanner)).toEqual(sent);
      a.contentChanged.emit(); // an output, say
      fake.metadataChanged.emit();
      await notebook.settled();
      expect(sources(scanner)).toEqual(sent);
      await notebook.rescan();
      expect(sources(scanner)).toHaveLength(sent.length + 1);
    });

    it('is sent again when cells ran in another order than the one in which they stand', async () => {
      const { scanner } = await opened([a, b]);
      const run = async (cell: FakeCell, count: number) => {
        cell.executionCount = count;
        cell.contentChanged.emit();
        await pass(2 * PERIOD);
        return scanner.programs.length;
      };
      expect(await run(a, 1)).toBe(1);
      expect(await run(b, 2)).toBe(1);
      expect(await run(a, 3)).toBe(2);
      expect(await run(a, 4)).toBe(2);
      expect(await run(b, 5)).toBe(3);
    });

    it('waits at least twice as long as the last answer took, and two seconds at most', async () => {
      const scanner = new FakeScanner();
      let takes = 400;
      scanner.judge = async () => {
        await new Promise(resolve => setTimeout(resolve, takes));
        return { code: [] };
      };
      await opened([a], { scanner });
      await pass(10000);
      takes = 100;
      a.write('x');
      await pass(PERIOD + 799);
      expect(scanner.programs).toHaveLength(1);
      await pass(1);
      expect(scanner.programs).toHaveLength(2);
      await pass(10000);
      a.write('y');
      await pass(PERIOD + 200);
      expect(scanner.programs).toHaveLength(3);
    });

    it('is never under way twice, and cells are judged meanwhile', async () => {
      const scanner = new FakeScanner();
      const { notebook } = await opened([a, b], { scanner });
      let [now, most] = [0, 0];
      scanner.judge = async code => {
        most = Math.max(most, ++now);
        await new Promise(resolve => setTimeout(resolve, 1000));
        now--;
        return { code: code.map(input => one(input)) };
      };
      a.write('1');
      await pass(2 * PERIOD);
      expect(now).toBe(1);
      b.write('2');
      await pass(PERIOD);
      expect([now, said(notebook)]).toEqual([1, ['1', '2']]);
      await pass(60000);
      expect([most, sources(scanner).slice(1)]).toEqual([
        1,
        [
          ['1', 'two'],
          ['1', '2']
        ]
      ]);
      expect(said(notebook)).toEqual(['1', '1', '2', '2']);
    });

    it('keeps what it said of a cell that is edited, where that is by now', async () => {
      const scanner = new FakeScanner();
      scanner.judge = code => ({ code: code.map(input => one(input)) });
      const { notebook } = await opened([a], { scanner });
      scanner.judge = () => new Promise(() => undefined);
      const places = () =>
        notebook
          .of(a.model)
          .filter(({ finding: { rule } }) => rule === 'COD001')
          .map(({ finding: { location: l } }) => [l.line, l.column, l.end_line, l.end_column]);
      expect([places(), notebook.isFresh(a.model)]).toEqual([[[0, 1, 0, 2]], true]);
      a.write('# more\none');
      a.write('# more\none # and more'); // two edits, each followed
      await pass(PERIOD);
      expect([places(), notebook.isFresh(a.model)]).toEqual([[[1, 1, 1, 2]], false]);
      a.write('o');
      await pass(PERIOD);
      expect(places()).toEqual([]);
      a.write('one');
      await pass(PERIOD);
      expect([places(), notebook.isFresh(a.model)]).toEqual([[[0, 1, 0, 2]], true]);
    });

    it('is asked again about a cell that was edited meanwhile and then was as before', async () => {
      const scanner = new FakeScanner();
      const { notebook } = await opened([a], { scanner });
      const slow = new PromiseDelegate<void>();
      scanner.judge = async code => {
        await slow.promise;
        return { code: code.map(input => one(input)) };
      };
      a.write('new');
      await pass(2 * PERIOD);
      a.write('newer');
      slow.resolve();
      await pass(0);
      expect(said(notebook)).toEqual(['new']);
      a.write('new');
      await pass(10000);
      expect([said(notebook), sources(scanner)]).toEqual([
        ['new', 'new'],
        [['one'], ['new'], ['new']]
      ]);
    });

    it('says what of it could not be read: once, or by cell where nobody types', async () => {
      const scanner = new FakeScanner();
      scanner.judge = ([first]) => ({
        code: [
          { key: first.key, skips: [{ path: 'p', message: 'not valid Python' }] },
          { key: '', skips: [{ path: 'p', message: 'NOT AUDITED' }], low_confidence: 3 }
        ]
      });
      const { fake, notebook } = await opened([a, b], { scanner });
      await pass(100);
      const changed = vi.fn();
      notebook.changed.connect(changed);
      const both = [
        [null, 'NOT AUDITED'],
        ['a', 'not valid Python']
      ];
      expect([problems(notebook), notebook.lowConfidence]).toEqual([both, 3]);
      fake.enter(a);
      await pass(16);
      expect([problems(notebook), changed.mock.calls.length]).toEqual([both.slice(0, 1), 1]);
      fake.enter(b);
      expect(problems(notebook)).toEqual(both);
      fake.enter(a);
      fake.enter(null);
      await pass(16);
      expect([problems(notebook), changed.mock.calls.length]).toEqual([both, 2]);
    });

    it('tries again after an error, says so, and shows the cells all the same', async () => {
      const scanner = new FakeScanner();
      scanner.judge = () => Promise.reject(new ScanFailed('down'));
      const { notebook } = await opened([a], { scanner });
      expect([said(notebook), notebook.state.phase, problems(notebook)]).toEqual([
        ['one'],
        'done',
        [[null, 'the code as a whole was not scanned: down']]
      ]);
      scanner.judge = ([first]) => ({ code: [one(first)] });
      await pass(2000 + PERIOD);
      expect([said(notebook), problems(notebook)]).toEqual([['one', 'one'], []]);
      scanner.judge = () => ({});
      a.write('x');
      await pass(2 * PERIOD);
      expect([said(notebook), problems(notebook)]).toEqual([
        ['x'],
        [[null, 'the code as a whole was not scanned: the scanner did not answer for it']]
      ]);
    });

    it('does not try again what is refused until it has changed', async () => {
      const scanner = new FakeScanner();
      scanner.judge = () => Promise.reject(new ScanFailed('it takes too long', true));
      const { notebook } = await opened([a], { scanner });
      const told = [[null, 'the code as a whole was not scanned: it takes too long']];
      expect(problems(notebook)).toEqual(told);
      await pass(60000);
      expect([problems(notebook), scanner.programs.length]).toEqual([told, 1]);
      a.write('x');
      await pass(2 * PERIOD);
      expect(scanner.programs).toHaveLength(2);
    });

    it('is not sent when it is too large, nor is there anything to send without code', async () => {
      const cells = Array.from({ length: 4 }, (_, at) => new FakeCell(`${at}`, 'x'.repeat(100)));
      const { notebook, scanner } = await opened(cells, { maxBytes: 1000 });
      expect([problems(notebook), scanner.programs]).toEqual([
        [[null, 'the code as a whole was not scanned: it is too large to be scanned live']],
        []
      ]);
      const empty = await opened([new FakeCell('m', 'words', 'markdown')]);
      expect([empty.scanner.programs, empty.notebook.state.phase]).toEqual([[], 'done']);
    });

    it('waits for the cells: where they cannot be judged it is not asked for', async () => {
      const scanner = new FakeScanner();
      scanner.answer = () => Promise.reject(new ScanFailed('down'));
      const { fake, notebook } = await opened([a], { scanner });
      fake.replace([a, b]);
      await pass(60000);
      expect([scanner.programs, problems(notebook)]).toEqual([[], []]);
    });

    it('has the cells judged anew when its answer names another policy', async () => {
      const { scanner } = await opened([a, b]);
      scanner.judge = () => ({ code: [], policy: 'second' });
      a.write('x');
      await pass(2 * PERIOD - 1);
      scanner.policy = 'second';
      await pass(10000);
      expect(scanner.sources.slice(1)).toEqual([['x'], [null, 'x', 'two']]);
    });

    it('what the kernel says of it as it ran is left out, but for what is installed', async () => {
      const { notebook } = await opened([a, b]);
      const place = (cell: FakeCell) => ({ ...at(0, 0).location, cell_id: cell.id }) as const;
      const of = (family: Finding['family'], cell: FakeCell, message: string) =>
        finding({ family, rule: family, location: place(cell), message });
      const findings = [
        of('code', a, 'called'),
        of('model', a, 'loaded'),
        of('dependency', a, 'installed'),
        of('dependency', b, 'as it ran')
      ];
      b.isDirty = true;
      notebook.push({ source: 'watch', report: { findings }, executed: true });
      expect(said(notebook)).toEqual(['one', 'installed', 'two']);
      a.write('edited');
      expect(said(notebook)).toEqual(['one', 'two']);
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

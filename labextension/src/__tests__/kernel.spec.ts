// @vitest-environment node
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScanFailed } from '../client';
import { KernelLink } from '../kernel';
import type { Push } from '../wire';

class FakeComm {
  constructor(readonly commId: string) {}

  readonly sent: JSONObject[] = [];
  /** The questions that need no answer. */
  readonly asked: unknown[] = [];
  isDisposed = false;
  broken = false;
  onMsg: (message: unknown) => void = () => undefined;
  onClose: () => void = () => undefined;

  send(data: JSONObject): void {
    if (this.broken) {
      throw new Error('Canceled');
    }
    if ('ask' in data) {
      this.asked.push(data['ask']);
    } else {
      this.sent.push(data);
    }
  }

  /** The kernel says something. */
  hear(data: object): void {
    this.onMsg({ content: { data } });
  }
}

class FakeKernel {
  constructor(private _open: string[] = []) {}

  readonly targets: { [name: string]: (comm: FakeComm, message: unknown) => void } = {};
  readonly made: FakeComm[] = [];
  isDisposed = false;
  handleComms = true;
  known = new Set<string>();

  registerCommTarget(name: string, callback: (comm: FakeComm, message: unknown) => void): void {
    this.targets[name] = callback;
  }

  requestCommInfo({ target_name }: { target_name: string }): Promise<object> {
    const comms = Object.fromEntries(this._open.map(id => [id, { target_name }]));
    return Promise.resolve({ content: { status: 'ok', comms } });
  }

  hasComm(id: string): boolean {
    return this.known.has(id);
  }

  createComm(_: string, id: string): FakeComm {
    const comm = new FakeComm(id);
    this.made.push(comm);
    return comm;
  }

  /** The kernel opens a comm, as loading the extension does. */
  open(first: object = {}): FakeComm {
    const comm = new FakeComm('opened');
    this.targets['llmsec_nb'](comm, { content: { data: first } });
    return comm;
  }
}

class FakeSession {
  constructor(public kernel: FakeKernel | null) {}

  readonly kernelChanged = new Signal<this, object>(this);
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);

  get session(): object {
    return { kernel: this.kernel };
  }

  change(kernel: FakeKernel | null): void {
    this.kernel = kernel;
    this.kernelChanged.emit({ newValue: kernel });
  }
}

function linked(kernel: FakeKernel | null) {
  const session = new FakeSession(kernel);
  const listener = {
    push: vi.fn<(push: Push) => void>(),
    restarted: vi.fn(),
    reconsider: vi.fn(),
    installed: vi.fn<(packages: object | null) => void>()
  };
  const link = new KernelLink(session as unknown as ISessionContext, listener);
  return { session, listener, link };
}

const soon = () => vi.advanceTimersByTimeAsync(0);
const idOf = (data: JSONObject) => data['id'] as string;

describe('KernelLink', () => {
  const unhandled = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    unhandled.mockClear();
    process.on('unhandledRejection', unhandled);
  });

  afterEach(() => {
    process.off('unhandledRejection', unhandled);
  });

  it('is closed until the kernel loads the extension', async () => {
    const { link, listener } = linked(new FakeKernel());
    await soon();
    expect([link.isOpen, link.version]).toEqual([false, '']);
    await expect(link.scan({})).rejects.toBeInstanceOf(ScanFailed);
    expect(listener.reconsider).not.toHaveBeenCalled();
  });

  it('lives without a kernel and with one that takes no comms', async () => {
    const kernel = new FakeKernel(['old']);
    kernel.handleComms = false;
    linked(null);
    linked(kernel);
    await soon();
    expect([kernel.made, kernel.targets]).toEqual([[], {}]);
  });

  it('asks for the packages of the kernel, and hears when they change', () => {
    const kernel = new FakeKernel();
    const { listener } = linked(kernel);
    const comm = kernel.open({ version: '1.2' });
    expect(comm.asked).toEqual(['environment']);
    for (const environment of [{ a: '1' }, { a: 1 }, ['a'], 'a', null, { a: '2' }]) {
      comm.hear({ environment });
    }
    comm.onClose();
    expect(listener.installed.mock.calls).toEqual([[{ a: '1' }], [{ a: '2' }], [null]]);
  });

  it('takes up the comm that the kernel opens, and its version', () => {
    const kernel = new FakeKernel();
    const { link, listener } = linked(kernel);
    kernel.open({ version: '1.2' });
    expect([link.isOpen, link.version]).toEqual([true, '1.2']);
    expect(listener.reconsider).toHaveBeenCalledTimes(1);
  });

  it('adopts the comm that was open before the page was, and greets it', async () => {
    const kernel = new FakeKernel(['old']);
    const { link, listener } = linked(kernel);
    await soon();
    expect(kernel.made.map(({ commId, sent }) => [commId, sent])).toEqual([
      ['old', [{ hello: true }]]
    ]);
    expect(link.isOpen).toBe(true);
    expect(listener.reconsider).toHaveBeenCalledTimes(1);
    kernel.made[0].hear({ version: '3' });
    expect(link.version).toBe('3');
  });

  it('adopts no comm that this page holds already', async () => {
    const kernel = new FakeKernel(['old']);
    kernel.known.add('old');
    linked(kernel);
    await soon();
    expect(kernel.made).toEqual([]);
  });

  it('answers a scan with the reply of its id only', async () => {
    const kernel = new FakeKernel();
    const { link } = linked(kernel);
    const comm = kernel.open();
    const got = vi.fn();
    void link.scan({ path: 'a', cells: [] }).then(got);
    const [request] = comm.sent;
    expect(request).toEqual({ id: idOf(request), scan: { path: 'a', cells: [] } });
    comm.hear({ id: 'of another page', reply: { policy: 'theirs' } });
    comm.hear({ reply: { policy: 'of nobody' } });
    await soon();
    expect(got).not.toHaveBeenCalled();
    comm.hear({ id: idOf(request), reply: { policy: 'ours' } });
    await soon();
    expect(got.mock.calls).toEqual([[{ policy: 'ours' }]]);
  });

  it('keeps two scans apart', async () => {
    const kernel = new FakeKernel();
    const { link } = linked(kernel);
    const comm = kernel.open();
    const both = Promise.all([link.scan({ path: 'a' }), link.scan({ path: 'b' })]);
    comm.hear({ id: idOf(comm.sent[1]), reply: { policy: 'b' } });
    comm.hear({ id: idOf(comm.sent[0]), reply: { policy: 'a' } });
    expect(await both).toEqual([{ policy: 'a' }, { policy: 'b' }]);
  });

  it('rejects with the error that the kernel gives', async () => {
    const kernel = new FakeKernel();
    const { link } = linked(kernel);
    const comm = kernel.open();
    const result = expect(link.scan({})).rejects.toMatchObject({ message: 'bad', refused: false });
    comm.hear({ id: idOf(comm.sent[0]), error: 'bad' });
    await result;
  });

  it('waits thirty seconds for a kernel that is busy', async () => {
    const kernel = new FakeKernel();
    const { link } = linked(kernel);
    kernel.open();
    const failed = vi.fn();
    void link.scan({}).catch(failed);
    await vi.advanceTimersByTimeAsync(29999);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(failed.mock.calls).toEqual([[new ScanFailed('the kernel is busy')]]);
  });

  it('hands on what the kernel pushes', () => {
    const kernel = new FakeKernel();
    const { listener } = linked(kernel);
    const first = { source: 'memory', report: { findings: [] } };
    const comm = kernel.open({ push: first });
    comm.hear({ push: { ...first, cells: ['x'] } });
    comm.hear({ push: 'nonsense' });
    const report = { findings: [], tables: [], data: [], failures: [], skips: [] };
    const heard = { source: 'memory', report, cells: [], executed: false };
    expect(listener.push.mock.calls).toEqual([[heard], [{ ...heard, cells: ['x'] }]]);
  });

  it.each(['restarting', 'autorestarting', 'dead'] as const)(
    'loses the comm and rejects what waits when the kernel is %s',
    async status => {
      const kernel = new FakeKernel();
      const { link, session, listener } = linked(kernel);
      kernel.open({ version: '1' });
      const result = expect(link.scan({})).rejects.toEqual(
        new ScanFailed('the kernel was restarted')
      );
      session.statusChanged.emit('busy');
      expect(link.isOpen).toBe(true);
      session.statusChanged.emit(status);
      await result;
      expect([link.isOpen, link.version]).toEqual([false, '']);
      expect(listener.restarted).toHaveBeenCalledTimes(1);
      await expect(link.scan({})).rejects.toBeInstanceOf(ScanFailed);
    }
  );

  it('loses the comm when the kernel closes it', async () => {
    const kernel = new FakeKernel();
    const { link } = linked(kernel);
    const comm = kernel.open();
    const result = expect(link.scan({})).rejects.toBeInstanceOf(ScanFailed);
    comm.onClose();
    await result;
    expect(link.isOpen).toBe(false);
  });

  it('keeps the new comm when the old one is closed after it', () => {
    const kernel = new FakeKernel();
    const { link, listener } = linked(kernel);
    const old = kernel.open({ version: '1' });
    kernel.open({ version: '2' });
    old.onClose();
    expect([link.isOpen, link.version]).toEqual([true, '2']);
    expect(listener.restarted).not.toHaveBeenCalled();
  });

  it('follows the notebook to another kernel', async () => {
    const kernel = new FakeKernel();
    const { link, session } = linked(kernel);
    kernel.open();
    const next = new FakeKernel(['other']);
    session.change(next);
    await soon();
    expect(next.made.map(({ commId }) => commId)).toEqual(['other']);
    session.change(null);
    expect(link.isOpen).toBe(false);
  });

  it('looks for a comm again when the connection is back', async () => {
    const kernel = new FakeKernel(['old']);
    const session = new FakeSession(null);
    const listener = {
      push: vi.fn(),
      restarted: vi.fn(),
      reconsider: vi.fn(),
      installed: vi.fn()
    };
    const link = new KernelLink(session as unknown as ISessionContext, listener);
    session.kernel = kernel;
    session.connectionStatusChanged.emit('connecting');
    await soon();
    expect(link.isOpen).toBe(false);
    session.connectionStatusChanged.emit('connected');
    await soon();
    expect(link.isOpen).toBe(true);
  });

  it('fails at once, and leaves nothing behind, when a message cannot be sent', async () => {
    const kernel = new FakeKernel();
    const { link } = linked(kernel);
    kernel.open().broken = true;
    await expect(Promise.resolve().then(() => link.scan({}))).rejects.toEqual(
      new ScanFailed('Canceled')
    );
    await vi.advanceTimersByTimeAsync(60000);
    vi.useRealTimers();
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('says nothing when a kernel dies while it is asked', async () => {
    const kernel = new FakeKernel();
    kernel.requestCommInfo = () => Promise.reject(new Error('Canceled future'));
    linked(kernel);
    vi.useRealTimers();
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('when disposed listens to nobody and leaves nobody waiting', async () => {
    const kernel = new FakeKernel();
    const { link, session, listener } = linked(kernel);
    kernel.open();
    const result = expect(link.scan({})).rejects.toBeInstanceOf(ScanFailed);
    link.dispose();
    await result;
    expect(link.isDisposed).toBe(true);
    listener.restarted.mockClear();
    session.change(new FakeKernel(['next']));
    session.statusChanged.emit('dead');
    await soon();
    expect(listener.restarted).not.toHaveBeenCalled();
    expect(link.isOpen).toBe(false);
  });

  it('takes up no comm once disposed', () => {
    const kernel = new FakeKernel();
    const { link, listener } = linked(kernel);
    link.dispose();
    kernel.open({ push: { source: 's', report: {} } });
    expect(link.isOpen).toBe(false);
    expect(listener.push).not.toHaveBeenCalled();
  });
});

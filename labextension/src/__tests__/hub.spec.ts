// @vitest-environment node
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerScanner } from '../client';
import { ScanFailed, ScannerMissing } from '../client';
import { FindingsHub } from '../hub';
import { Settings } from '../settings';
import type { ScanRequest, Status } from '../wire';
import { FakeCell, FakePanel, rule, trans } from './fixtures';

const STATUS: Status = {
  version: '1.0',
  rules: [rule({ id: 'SEC1' })],
  limits: { request_bytes: 1_000_000, seconds: 10 }
};

class FakeTracker {
  readonly widgetAdded = new Signal<this, NotebookPanel>(this);
  readonly currentChanged = new Signal<this, NotebookPanel | null>(this);
  currentWidget: NotebookPanel | null = null;
  open: NotebookPanel[] = [];

  forEach(callback: (panel: NotebookPanel) => void): void {
    this.open.forEach(callback);
  }

  add(panel: NotebookPanel): NotebookPanel {
    this.widgetAdded.emit(panel);
    return panel;
  }

  show(panel: NotebookPanel | null): void {
    this.currentWidget = panel;
    this.currentChanged.emit(panel);
  }
}

function panelOf(...cells: FakeCell[]) {
  const { panel } = new FakePanel(cells);
  const disposed = new Signal<NotebookPanel, void>(panel);
  const session = { session: null };
  const sessionContext = {
    ...session,
    kernelChanged: new Signal(session),
    statusChanged: new Signal(session),
    connectionStatusChanged: new Signal(session)
  };
  return Object.assign(panel, { disposed, sessionContext });
}

function server(status: () => Promise<Status> = () => Promise.resolve(STATUS)) {
  const scan = vi.fn(({ cells = [] }: ScanRequest) =>
    Promise.resolve({ cells: cells.map(({ key }) => ({ key })) })
  );
  return { status: vi.fn(status), scan };
}

function hubOf(tracker: FakeTracker, scanner = server()) {
  return new FindingsHub(
    tracker as unknown as INotebookTracker,
    scanner as unknown as ServerScanner,
    new Settings()
  );
}

describe('FindingsHub', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it('learns the rules and the version of the server', async () => {
    const hub = hubOf(new FakeTracker());
    expect([hub.serverVersion, hub.rules.size]).toEqual(['', 0]);
    await vi.advanceTimersByTimeAsync(0);
    expect([hub.serverVersion, [...hub.rules.keys()]]).toEqual(['1.0', ['SEC1']]);
    expect(hub.notice(trans)).toBe('');
  });

  it('knows notebooks that were open and those that are opened', async () => {
    const tracker = new FakeTracker();
    const [a, b] = [new FakeCell('a', ''), new FakeCell('b', '')];
    const [first, second] = [panelOf(a), panelOf(b)];
    tracker.open = [first];
    const hub = hubOf(tracker);
    const added = vi.fn();
    hub.added.connect(added);
    tracker.add(second);
    await vi.advanceTimersByTimeAsync(0);
    expect(added.mock.calls).toEqual([[hub, hub.get(second)]]);
    expect(hub.get(first)).toBeDefined();
    expect([hub.owner(a.model), hub.owner(b.model)]).toEqual([hub.get(first), hub.get(second)]);
    expect(hub.owner(new FakeCell('c', '').model)).toBeUndefined();
  });

  it('follows the current notebook', () => {
    const tracker = new FakeTracker();
    const hub = hubOf(tracker);
    const panel = tracker.add(panelOf());
    const changed = vi.fn();
    hub.currentChanged.connect(changed);
    expect(hub.current).toBeNull();
    tracker.show(panel);
    tracker.show(null);
    expect(changed.mock.calls).toEqual([
      [hub, hub.get(panel)],
      [hub, null]
    ]);
  });

  it('forgets a notebook that is closed', () => {
    const tracker = new FakeTracker();
    const hub = hubOf(tracker);
    const panel = panelOf();
    tracker.add(panel);
    const notebook = hub.get(panel);
    panel.disposed.emit();
    expect([hub.get(panel), notebook?.isDisposed]).toEqual([undefined, true]);
  });

  it('tells those who observe a cell, until they leave', async () => {
    const tracker = new FakeTracker();
    const cell = new FakeCell('a', '');
    const hub = hubOf(tracker);
    const panel = tracker.add(panelOf(cell));
    await vi.advanceTimersByTimeAsync(0);
    const [one, two, other] = [vi.fn(), vi.fn(), vi.fn()];
    const watch = hub.observe(cell.model, one);
    hub.observe(cell.model, two);
    hub.observe(new FakeCell('b', '').model, other);
    hub.refresh();
    watch.dispose();
    hub.get(panel)?.refresh();
    expect([one, two, other].map(({ mock }) => mock.calls.length)).toEqual([1, 2, 0]);
  });

  it('asks a server without the extension for its status once, and for no scan', async () => {
    const tracker = new FakeTracker();
    const missing = server(() => Promise.reject(new ScannerMissing('no such page')));
    const hub = hubOf(tracker, missing);
    await vi.advanceTimersByTimeAsync(0);
    const panel = tracker.add(panelOf(new FakeCell('a', '')));
    await vi.advanceTimersByTimeAsync(600000);
    expect([missing.status.mock.calls.length, missing.scan.mock.calls.length]).toEqual([1, 0]);
    expect(hub.get(panel)?.state.phase).toBe('missing');
  });

  it('asks a server that was down for its status again', async () => {
    let tries = 0;
    const flaky = server(() =>
      ++tries < 3 ? Promise.reject(new ScanFailed('down')) : Promise.resolve(STATUS)
    );
    const hub = hubOf(new FakeTracker(), flaky);
    await vi.advanceTimersByTimeAsync(0);
    expect([hub.serverVersion, tries]).toEqual(['', 1]);
    await vi.advanceTimersByTimeAsync(600000);
    expect([hub.serverVersion, hub.rules.size, tries]).toEqual(['1.0', 1, 3]);
  });
});

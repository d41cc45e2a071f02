import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actions } from '../actions';
import { Guard } from '../guard';
import type { BeforeLeaving } from '../settings';
import { DEFAULTS, Settings } from '../settings';
import type { ILocated, INotebookFindings } from '../tokens';
import { located, stillFindings, trans } from './fixtures';

vi.mock('@jupyterlab/apputils', () => ({ Notification: { warning: vi.fn() } }));

const warning = vi.mocked(Notification.warning);

function guarded(found: ILocated[], beforeLeaving: BeforeLeaving = 'notify') {
  const commandExecuted = new Signal<object, { id: string }>({});
  const app = { commands: { commandExecuted } } as unknown as JupyterFrontEnd;
  const settings = new Settings();
  vi.spyOn(settings, 'values', 'get').mockReturnValue({ ...DEFAULTS, beforeLeaving });
  const actions = { mayLeave: vi.fn(() => Promise.resolve(true)), reveal: vi.fn() };
  const done: string[] = [];
  const way = (name: string) => () => {
    done.push(name);
    return Promise.resolve();
  };
  const context = {
    save: way('save'),
    saveAs: way('saveAs'),
    download: way('download'),
    saveState: new Signal<object, string>({})
  };
  const still = stillFindings(found);
  const notebook = { ...still, panel: { context } } as unknown as INotebookFindings;
  new Guard(app, actions as unknown as Actions, settings, trans).watch(notebook);
  return { notebook, context, actions, done, commandExecuted };
}

/** What is said of a document waits until it is judged as it is. */
const judged = () => new Promise(resolve => setTimeout(resolve, 0));

describe('Guard', () => {
  const critical = located({ severity: 'critical', name: 'AWS key' });
  const mild = [
    located({ severity: 'high' }),
    located({ severity: 'critical', suppression: { kind: 'tag' } })
  ];

  beforeEach(() => {
    warning.mockClear();
  });

  it('says after a save what is still in the document, once', async () => {
    const { context, notebook, actions } = guarded([critical, ...mild]);
    context.saveState.emit('started');
    expect(warning).not.toHaveBeenCalled();
    context.saveState.emit('completed');
    context.saveState.emit('completed');
    await judged();
    expect(warning.mock.calls.map(([message]) => message)).toEqual([
      '1 critical finding is still in the document: AWS key'
    ]);
    const [, options] = warning.mock.calls[0];
    options?.actions?.[0].callback(new MouseEvent('click'));
    expect(actions.reveal.mock.calls).toEqual([[notebook, critical]]);
  });

  it('says so after a download', async () => {
    const { context, done } = guarded([critical]);
    await context.download();
    await judged();
    expect([done, warning.mock.calls.length]).toEqual([['download'], 1]);
  });

  it('says nothing when nothing critical is open, or when it is told to be silent', async () => {
    const { context } = guarded(mild);
    context.saveState.emit('completed');
    const off = guarded([critical], 'off');
    off.context.saveState.emit('completed');
    await off.context.download();
    await judged();
    expect(warning).not.toHaveBeenCalled();
  });

  it('asks nothing unless it is told to', async () => {
    const { context, actions, done, commandExecuted } = guarded([critical]);
    commandExecuted.emit({ id: 'docmanager:save' });
    await context.save();
    await context.saveAs();
    expect([done, actions.mayLeave.mock.calls]).toEqual([['save', 'saveAs'], []]);
  });

  describe('that asks', () => {
    it.each(['save', 'saveAs', 'download'] as const)('holds %s back at a no', async way => {
      const { context, actions, done, commandExecuted } = guarded([critical, critical], 'ask');
      actions.mayLeave.mockResolvedValue(false);
      const left = context[way]();
      commandExecuted.emit({ id: 'docmanager:save' });
      await left;
      expect([done, actions.mayLeave.mock.calls]).toEqual([[], [[2]]]);
    });

    it('lets go at a yes', async () => {
      const { context, actions, done, commandExecuted } = guarded([critical], 'ask');
      commandExecuted.emit({ id: 'docmanager:save' });
      await context.save();
      expect([done, actions.mayLeave.mock.calls]).toEqual([['save'], [[1]]]);
    });

    it('does not ask when nothing critical is open', async () => {
      const { context, actions, done } = guarded(mild, 'ask');
      await context.saveAs();
      expect([done, actions.mayLeave.mock.calls]).toEqual([['saveAs'], []]);
    });

    it('does not ask timers, which save by no command', async () => {
      const { context, actions, done, commandExecuted } = guarded([critical], 'ask');
      commandExecuted.emit({ id: 'notebook:run-cell' });
      await context.save();
      expect([done, actions.mayLeave.mock.calls]).toEqual([['save'], []]);
    });
  });
});

import type { Diagnostic } from '@codemirror/lint';
import { forEachDiagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { ICellModel } from '@jupyterlab/cells';
import { describe, expect, it, vi } from 'vitest';
import { marks } from '../marks';
import type { IFindings, ILocated } from '../tokens';
import type { Rule } from '../wire';
import { all, HOSTILE, texts } from './drawn';
import { at, FakeCell, finding, located, rule, stillFindings, trans } from './fixtures';

interface ISetup {
  text: string;
  found: ILocated['finding'][];
  rules?: Rule[];
  enabled?: () => boolean;
  shows?: (located: ILocated) => boolean;
}

async function editor({ text, found, rules = [], enabled, shows }: ISetup) {
  const cell = new FakeCell('a', text);
  const all: ILocated[] = found.map(each => ({ ...located({}, cell.model), finding: each }));
  const listeners = new Set<() => void>();
  const findings = {
    rules: new Map(rules.map(each => [each.id, each])),
    owner: (model: ICellModel) => (model === cell.model ? stillFindings(all) : undefined),
    observe: (_: object, listener: () => void) => {
      listeners.add(listener);
      return { isDisposed: false, dispose: () => listeners.delete(listener) };
    }
  } as unknown as IFindings;
  const run = vi.fn();
  const explain = vi.fn<(located: ILocated) => void>();
  const extension = marks(cell.model, {
    findings,
    shows: shows ?? (() => true),
    enabled: enabled ?? (() => true),
    actions: { actions: () => [{ name: 'Mask it', run }], explain },
    trans
  });
  const view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc: text, extensions: [extension] })
  });
  await Promise.resolve();
  return {
    view,
    cell,
    all,
    listeners,
    run,
    explain,
    notify: () => listeners.forEach(listener => listener())
  };
}

function diagnostics(view: EditorView): Diagnostic[] {
  const found: Diagnostic[] = [];
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    found.push({ ...diagnostic, from, to });
  });
  return found;
}

function tooltip(view: EditorView): HTMLElement {
  return diagnostics(view)[0].renderMessage?.(view) as HTMLElement;
}

describe('marks', () => {
  it('underline findings in the source, by UTF-16 offsets', async () => {
    const place = { type: 'cell' as const, line: 1, column: 5, end_line: 1, end_column: 8 };
    const { view } = await editor({ text: 'x\n🙂🙂 = key', found: [finding({ location: place })] });
    const [{ from, to }] = diagnostics(view);
    expect([from, to, view.state.sliceDoc(from, to)]).toEqual([9, 12, 'key']);
    expect(texts(view.dom, '.llmsec-mark')).toEqual(['key']);
  });

  it('have the level of the finding, in words of the editor', async () => {
    const levels = ['critical', 'high', 'medium', 'low', 'info'] as const;
    const { view } = await editor({
      text: 'abcdef',
      found: levels.map((severity, index) => at(0, index, { severity }))
    });
    expect(diagnostics(view).map(({ severity, markClass }) => [severity, markClass])).toEqual([
      ['error', 'llmsec-mark llmsec-mark-critical'],
      ['error', 'llmsec-mark llmsec-mark-high'],
      ['warning', 'llmsec-mark llmsec-mark-medium'],
      ['info', 'llmsec-mark llmsec-mark-low'],
      ['hint', 'llmsec-mark llmsec-mark-info']
    ]);
  });

  it('show no evidence where the words say all', async () => {
    const found = [at(0, 0, { evidence: { masked: '', digest: 'd' } })];
    const { view } = await editor({ text: 'abc', found });
    expect(texts(tooltip(view), 'code')).toEqual(['SEC999']);
  });

  it('are quiet for what is suppressed', async () => {
    const { view } = await editor({
      text: 'abc',
      found: [at(0, 0, { severity: 'critical', suppression: { kind: 'tag' } })]
    });
    const [{ severity, markClass }] = diagnostics(view);
    expect([severity, markClass]).toEqual(['hint', 'llmsec-mark llmsec-mark-suppressed']);
  });

  it('leave out what is not in the source, not shown or switched off', async () => {
    const output = finding({
      location: {
        type: 'output',
        output: 0,
        mime: 'text/plain',
        line: 0,
        column: 0,
        end_line: 0,
        end_column: 1
      }
    });
    const found = [output, at(0, 0, { rule: 'SEC1' }), at(0, 1, { rule: 'SEC2' })];
    let enabled = true;
    const { view, notify } = await editor({
      text: 'abc',
      found,
      enabled: () => enabled,
      shows: ({ finding: { rule: id } }) => id !== 'SEC1'
    });
    expect(diagnostics(view).map(({ source }) => source)).toEqual(['SEC2']);
    enabled = false;
    notify();
    expect(diagnostics(view)).toEqual([]);
  });

  it('follow the findings of the cell, with a gutter only while there are any', async () => {
    const { view, cell, all: found, notify } = await editor({ text: 'abc', found: [] });
    const gutters = () => all(view.dom, '.cm-gutter-lint').length;
    expect([diagnostics(view).length, gutters()]).toEqual([0, 0]);
    found.push({ ...located({}, cell.model), finding: at(0, 1) });
    notify();
    expect([diagnostics(view).length, gutters()]).toEqual([1, 1]);
    found.pop();
    notify();
    expect([diagnostics(view).length, gutters()]).toEqual([0, 0]);
  });

  it('stay inside a text that has become shorter', async () => {
    const { view } = await editor({ text: 'ab', found: [at(0, 900), at(7, 3)] });
    expect(diagnostics(view).map(({ from, to }) => [from, to])).toEqual([
      [1, 2],
      [1, 2]
    ]);
  });

  it.each([
    ['between letters', 'a\u200bb', 1, [0, 3]],
    ['beside emoji, which it does not part', '🙂\u200b🙂', 1, [0, 5]],
    ['at the begin of a line', 'a\n\u200bb', 0, [2, 4]],
    ['at the end of a line', 'a\u200b\nb', 1, [0, 2]],
    ['alone', '\u200b', 0, [0, 1]]
  ])('show a character without a shape %s', async (_, text, column, span) => {
    const line = text.split('\n').findIndex(each => each.includes('\u200b'));
    const { view } = await editor({ text, found: [at(line, column)] });
    expect(diagnostics(view).map(({ from, to }) => [from, to])).toEqual([span]);
  });

  it('end with the editor', async () => {
    const { view, cell, listeners, all: found } = await editor({ text: 'abc', found: [] });
    const dispatch = vi.spyOn(view, 'dispatch');
    const [listener] = listeners;
    view.destroy();
    expect(listeners.size).toBe(0);
    found.push({ ...located({}, cell.model), finding: at(0, 0) });
    listener();
    expect(dispatch).not.toHaveBeenCalled();
  });

  it('offer actions', async () => {
    const { view, run } = await editor({ text: 'abc', found: [at(0, 0)] });
    const [{ actions = [], from, to }] = diagnostics(view);
    expect(actions.map(({ name }) => name)).toEqual(['Mask it']);
    actions[0].apply(view, from, to);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('explain themselves', async () => {
    const {
      view,
      all: found,
      explain
    } = await editor({
      text: 'abc',
      found: [at(0, 0, { severity: 'critical' })],
      rules: [rule()]
    });
    const node = tooltip(view);
    expect(texts(node, '.llmsec-tooltip-head > *')).toEqual([
      'Critical',
      'SEC999',
      'A made up token',
      'ab***yz'
    ]);
    expect(texts(node, 'p')).toEqual(['Because of this', 'Fix: Do that']);
    const [link] = all<HTMLAnchorElement>(node, 'a');
    const event = new MouseEvent('click', { cancelable: true });
    link.dispatchEvent(event);
    expect([event.defaultPrevented, explain.mock.calls]).toEqual([true, [[found[0]]]]);
  });

  it('have a tooltip also while the rules are not known', async () => {
    const { view } = await editor({ text: 'abc', found: [at(0, 0)] });
    expect(all(tooltip(view), 'p, a')).toEqual([]);
  });

  it('show what a notebook says as text', async () => {
    const { view } = await editor({
      text: 'abc',
      found: [
        at(0, 0, {
          rule: 'SEC999',
          message: `${HOSTILE}\u202e`,
          evidence: { masked: `${HOSTILE}\u200b`, digest: '' }
        })
      ],
      rules: [rule({ why: HOSTILE, remediation: HOSTILE })]
    });
    const node = tooltip(view);
    expect(all(node, 'img, script, a:not(.llmsec-explain), p > :not(b)')).toEqual([]);
    expect(texts(node, 'strong')).toEqual([`${HOSTILE}<U+202E>`]);
    expect(texts(node, '.llmsec-evidence')).toEqual([`${HOSTILE}<U+200B>`]);
    expect(texts(node, 'p')).toEqual([HOSTILE, `Fix: ${HOSTILE}`]);
    expect(diagnostics(view)[0].message).toBe(`${HOSTILE}<U+202E>`);
  });
});

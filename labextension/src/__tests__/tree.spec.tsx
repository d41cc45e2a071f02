import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { IGroup, Numbers } from '../panel/panel';
import { FindingsTree } from '../panel/tree';
import type { ILocated } from '../tokens';
import type { Severity } from '../wire';
import { all, button, click, draw, focus, HOSTILE, press, texts } from './drawn';
import { FakeCell, located, trans } from './fixtures';

function group(severity: Severity, count: number): IGroup {
  const found = Array.from({ length: count }, (_, index) =>
    located({ severity, fingerprint: `${severity}-${index}`, name: `${severity} ${index}` })
  );
  return { severity, found };
}

function tree(groups: IGroup[], selected = '', numbers: Numbers = () => '7') {
  const calls = {
    onSelect: vi.fn<(fingerprint: string) => void>(),
    onOpen: vi.fn<(located: ILocated) => void>(),
    onSuppress: vi.fn<(located: ILocated) => void>()
  };
  const element = (next: IGroup[], chosen = selected) => (
    <FindingsTree groups={next} numbers={numbers} selected={chosen} {...calls} trans={trans} />
  );
  const { node, again } = draw(element(groups));
  return {
    node,
    ...calls,
    again: (next: IGroup[], chosen?: string) => again(element(next, chosen))
  };
}

const keyOf = (node: Element | null) => node?.getAttribute('data-key') ?? null;
const focused = () => keyOf(document.activeElement);
const tabStops = (node: Element) => all(node, '[role=treeitem][tabindex="0"]').map(keyOf);
const rows = (node: Element) => all(node, '[role=treeitem][aria-level="2"]').map(keyOf);
const item = (node: Element, key: string) => {
  const found = node.querySelector<HTMLElement>(`[data-key="${key}"]`);
  if (!found) {
    throw new Error(`no item ${key}`);
  }
  return found;
};

const TWO = () => [group('critical', 2), group('low', 1)];

describe('FindingsTree', () => {
  it('is nothing without findings', () => {
    expect(tree([]).node.childElementCount).toBe(0);
  });

  it('says what is wrong where there is no evidence', () => {
    const found = [located(), located({ evidence: { masked: '', digest: 'd' } })];
    const { node } = tree([{ severity: 'high', found }]);
    expect(texts(node, '.llmsec-evidence')).toEqual(['ab***yz']);
    expect(texts(node, '.llmsec-message')).toEqual(['A made up token']);
  });

  it('says what it is', () => {
    const { node } = tree(TWO(), 'critical-1');
    const [root] = all(node, '[role=tree]');
    expect(root.getAttribute('aria-label')).toBe('Findings');
    expect(
      all(root, '[role=treeitem]').map(each => [
        keyOf(each),
        each.getAttribute('aria-level'),
        each.getAttribute('aria-expanded'),
        each.getAttribute('aria-selected')
      ])
    ).toEqual([
      ['critical', '1', 'true', 'false'],
      ['critical-0', '2', null, 'false'],
      ['critical-1', '2', null, 'true'],
      ['low', '1', 'true', 'false'],
      ['low-0', '2', null, 'false']
    ]);
    expect(all(root, '[aria-level="1"]').map(each => each.getAttribute('aria-label'))).toEqual([
      'Critical (2)',
      'Low (1)'
    ]);
    // Rows are children of a group within the item of their severity.
    for (const row of all(root, '[aria-level="2"]')) {
      expect(row.parentElement?.getAttribute('role')).toBe('group');
      expect(keyOf(row.parentElement?.parentElement ?? null)).toMatch(/^(critical|low)$/);
    }
  });

  it('gives the focus of a row that goes to its neighbour', () => {
    const { node, again } = tree([group('critical', 3)]);
    focus(item(node, 'critical-1'));
    again([{ severity: 'critical', found: group('critical', 3).found.filter((_, i) => i !== 1) }]);
    expect(focused()).toBe('critical-2');
  });

  it('says where each finding is', () => {
    const cell = new FakeCell('a', '').model;
    const place = { line: 0, column: 0, end_line: 0, end_column: 1 };
    const found = [
      { ...located({ location: { type: 'cell', ...place, line: 4 } }, cell) },
      { ...located({ location: { type: 'output', output: 1, mime: 'm', ...place } }, cell, true) },
      { ...located({ location: { type: 'metadata', ...place } }) },
      { ...located({ suppression: { kind: 'comment' } }, cell) }
    ];
    const { node } = tree([{ severity: 'high', found }]);
    expect(texts(node, '.llmsec-row .llmsec-where')).toEqual([
      'cell 7, line 5',
      'cell 7, output 2, from the kernel',
      'metadata',
      'cell 7, line 1, suppressed'
    ]);
  });

  it('has one stop for the tab key, first at the top, then where the focus was', () => {
    const { node } = tree(TWO());
    expect(tabStops(node)).toEqual(['critical']);
    focus(item(node, 'critical'));
    press('ArrowDown');
    press('ArrowDown');
    expect([focused(), tabStops(node)]).toEqual(['critical-1', ['critical-1']]);
  });

  it('has its stop at the selected finding when it had no focus yet', () => {
    expect(tabStops(tree(TWO(), 'low-0').node)).toEqual(['low-0']);
  });

  it('moves up and down and stays at the ends', () => {
    const { node } = tree(TWO());
    focus(item(node, 'critical'));
    const way = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'];
    expect(way.map(key => (press(key), focused()))).toEqual([
      'critical-0',
      'critical-1',
      'low',
      'low-0',
      'low-0',
      'low'
    ]);
    press('Home');
    expect(focused()).toBe('critical');
    press('ArrowUp');
    expect(focused()).toBe('critical');
    press('End');
    expect(focused()).toBe('low-0');
  });

  it('closes and opens a severity, and leaves out what is closed on the way', () => {
    const { node } = tree(TWO());
    focus(item(node, 'critical-1'));
    press('ArrowLeft');
    expect(focused()).toBe('critical');
    press('ArrowLeft');
    expect([item(node, 'critical').getAttribute('aria-expanded'), rows(node)]).toEqual([
      'false',
      ['low-0']
    ]);
    press('ArrowLeft'); // closed already
    press('ArrowDown');
    expect(focused()).toBe('low');
    press('ArrowUp');
    press('ArrowRight');
    expect([focused(), rows(node)]).toEqual(['critical', ['critical-0', 'critical-1', 'low-0']]);
    press('ArrowRight');
    expect(focused()).toBe('critical-0');
    press('ArrowRight'); // a finding has nothing below it
    expect(focused()).toBe('critical-0');
  });

  it('closes and opens a severity by Enter, space and click', () => {
    const { node, onSelect, onOpen } = tree(TWO());
    const open = () => item(node, 'low').getAttribute('aria-expanded');
    focus(item(node, 'low'));
    press('Enter');
    expect(open()).toBe('false');
    press(' ');
    expect(open()).toBe('true');
    click(item(node, 'low').querySelector('.llmsec-group-head'));
    expect(open()).toBe('false');
    expect([onSelect.mock.calls, onOpen.mock.calls]).toEqual([[], []]);
  });

  it('Enter and click select a finding and go there, space only selects it', () => {
    const groups = TWO();
    const { node, onSelect, onOpen } = tree(groups);
    focus(item(node, 'critical-1'));
    press('Enter');
    expect([onSelect.mock.calls, onOpen.mock.calls]).toEqual([
      [['critical-1']],
      [[groups[0].found[1]]]
    ]);
    press(' ');
    expect([onSelect.mock.calls.length, onOpen.mock.calls.length]).toEqual([2, 1]);
    click(item(node, 'low-0'));
    expect([onSelect.mock.lastCall, onOpen.mock.lastCall]).toEqual([
      ['low-0'],
      [groups[1].found[0]]
    ]);
  });

  it('Delete asks to suppress the finding, and does nothing to a severity', () => {
    const groups = TWO();
    const { node, onSuppress } = tree(groups);
    focus(item(node, 'critical'));
    press('Delete');
    press('ArrowDown');
    press('Delete');
    expect(onSuppress.mock.calls).toEqual([[groups[0].found[0]]]);
  });

  it('leaves other keys, and those with modifiers, to others', () => {
    const { node, onSuppress } = tree(TWO());
    focus(item(node, 'critical-0'));
    expect(['a', 'Tab', 'Escape'].map(key => press(key))).toEqual([false, false, false]);
    expect(press('Delete', { ctrlKey: true })).toBe(false);
    expect(press('ArrowDown', { altKey: true })).toBe(false);
    expect(press('Enter', { metaKey: true })).toBe(false);
    expect([focused(), onSuppress.mock.calls]).toEqual(['critical-0', []]);
    expect(press('ArrowDown')).toBe(true);
  });

  it('draws a hundred findings of a severity, and more when they are asked for', () => {
    const { node } = tree([group('high', 250)]);
    expect(rows(node)).toHaveLength(100);
    click(button(node, 'Show 100 more'));
    expect(rows(node)).toHaveLength(200);
    click(button(node, 'Show 50 more'));
    expect(rows(node)).toHaveLength(250);
    expect(all(node, 'button')).toEqual([]);
  });

  it('leaves the keys on its buttons to them', () => {
    const { node, onSelect } = tree([group('high', 101)]);
    focus(item(node, 'high-0'));
    focus(button(node, 'Show 1 more'));
    expect([press('Enter'), press(' '), press('Delete')]).toEqual([false, false, false]);
    expect(onSelect).not.toHaveBeenCalled();
  });

  it('draws no more than a hundred of each severity of 5,000 findings', () => {
    const levels: Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
    const { node } = tree(levels.map(severity => group(severity, 1000)));
    expect(rows(node)).toHaveLength(500);
    expect(all(node, '*').length).toBeLessThan(8000);
    focus(item(node, 'info-99'));
    press('End');
    expect(focused()).toBe('info-99');
  });

  it('keeps a stop for the tab key when the finding that had the focus is gone', () => {
    const { node, again } = tree(TWO());
    focus(item(node, 'low-0'));
    again([group('critical', 1)]);
    expect(tabStops(node)).toEqual(['critical-0']);
  });

  it('brings a finding that was selected elsewhere into view', () => {
    const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView').mockReturnValue();
    const { node, again } = tree(TWO());
    scrolled.mockClear();
    again(TWO(), 'low-0');
    expect(scrolled.mock.contexts).toEqual([item(node, 'low-0')]);
  });

  it('finds an item whatever its name holds', () => {
    const found = [located({ severity: 'low', fingerprint: 'a"]b\\c' })];
    const { node } = tree([{ severity: 'low', found }]);
    focus(item(node, 'low'));
    press('ArrowDown');
    expect(focused()).toBe('a"]b\\c');
  });

  it('shows what a notebook says as text', () => {
    const found = [
      located({
        name: HOSTILE,
        message: `${HOSTILE}\u202e`,
        evidence: { masked: `${HOSTILE}\u202e`, digest: '' }
      })
    ];
    const { node } = tree([{ severity: 'high', found }]);
    expect(all(node, 'img, script, a')).toEqual([]);
    expect(texts(node, '.llmsec-row code')).toEqual([`${HOSTILE}<U+202E>`]);
    expect(all(node, '.llmsec-row')[0].title).toBe(`${HOSTILE}<U+202E>`);
  });
});

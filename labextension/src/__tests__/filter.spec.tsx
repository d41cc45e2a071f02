import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import { EVERYTHING, FilterBar, matches } from '../panel/filter';
import { all, click, draw, enter, texts } from './drawn';
import { located, trans } from './fixtures';

describe('matches', () => {
  const found = located({
    rule: 'SEC101',
    name: 'AWS key',
    severity: 'critical',
    family: 'secret',
    message: 'A key of AWS',
    evidence: { masked: 'AKIA***', digest: 'd' }
  });
  const passes = (change: object) => matches(found, { ...EVERYTHING, ...change }, trans);

  it('lets everything pass at first', () => {
    expect(passes({})).toBe(true);
  });

  it('filters by severity and family', () => {
    expect(passes({ severities: ['critical', 'low'] })).toBe(true);
    expect(passes({ severities: ['low'] })).toBe(false);
    expect(passes({ family: 'secret' })).toBe(true);
    expect(passes({ family: 'pii' })).toBe(false);
  });

  it.each(['sec101', 'AWS', 'akia', 'a key of', 'secrets', ' key   101 ', ''])(
    'finds %j in what is shown, in whatever case and order',
    text => {
      expect(passes({ text })).toBe(true);
    }
  );

  it('wants every word', () => {
    expect(passes({ text: 'aws azure' })).toBe(false);
  });
});

describe('FilterBar', () => {
  const found = [
    located({ severity: 'high', family: 'secret' }),
    located({ severity: 'high', family: 'pii' }),
    located({ severity: 'info', family: 'secret' })
  ];

  function bar(filter = EVERYTHING, findings = found) {
    const onChange = vi.fn();
    const { node } = draw(
      <FilterBar found={findings} filter={filter} onChange={onChange} trans={trans} />
    );
    return { node, onChange };
  }

  it('offers the severities and families that there are, with counts', () => {
    const { node } = bar();
    expect(texts(node, 'button')).toEqual(['High 2', 'Info 1']);
    expect(texts(node, 'option')).toEqual(['All families', 'Personal data', 'Secrets']);
  });

  it('offers no choice of families when there is one only', () => {
    expect(all(bar(EVERYTHING, [found[0]]).node, 'select')).toEqual([]);
  });

  it('is named for those who do not see it', () => {
    const { node } = bar();
    expect(node.querySelector('[role=search]')?.getAttribute('aria-label')).toBe('Filter findings');
    expect(
      all(node, 'input, select, [role=group]').map(part => part.getAttribute('aria-label'))
    ).toEqual(['Filter by text', 'Filter by severity', 'Filter by family']);
  });

  it('says which severities are chosen, and lets them be chosen and left', () => {
    const { node, onChange } = bar({ ...EVERYTHING, severities: ['info'] });
    const [high, info] = all(node, 'button');
    expect([high, info].map(each => each.getAttribute('aria-pressed'))).toEqual(['false', 'true']);
    click(high);
    click(info);
    expect(onChange.mock.calls).toEqual([
      [{ text: '', severities: ['info', 'high'], family: '' }],
      [{ text: '', severities: [], family: '' }]
    ]);
  });

  it('changes text and family, and keeps the rest', () => {
    const { node, onChange } = bar({ ...EVERYTHING, severities: ['high'] });
    enter(all<HTMLInputElement>(node, 'input')[0], 'aws');
    enter(all<HTMLSelectElement>(node, 'select')[0], 'pii');
    expect(onChange.mock.calls).toEqual([
      [{ text: 'aws', severities: ['high'], family: '' }],
      [{ text: '', severities: ['high'], family: 'pii' }]
    ]);
  });
});

import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { Actions } from '../actions';
import { Detail } from '../panel/detail';
import type { ILocated } from '../tokens';
import type { Rule } from '../wire';
import { all, button, click, draw, HOSTILE, texts } from './drawn';
import { FakeCell, fix, located, rule, stillFindings, trans } from './fixtures';

const CELL = new FakeCell('a', '').model;

function detail(shown: ILocated, about?: Rule) {
  const notebook = stillFindings([shown]);
  const done = () => vi.fn(() => Promise.resolve());
  const actions = { apply: done(), ignoreHere: done(), ignoreRule: done() };
  const onOpen = vi.fn<(located: ILocated) => void>();
  const { node } = draw(
    <Detail
      notebook={notebook}
      located={shown}
      rule={about}
      actions={actions as unknown as Actions}
      onOpen={onOpen}
      trans={trans}
    />
  );
  return { node, notebook, actions, onOpen };
}

describe('Detail', () => {
  it('says what was found', () => {
    const { node } = detail(located({ severity: 'critical', confidence: 'medium' }));
    expect(texts(node, 'h3')).toEqual(['Critical SEC999 Made up']);
    expect(texts(node, 'p')).toEqual(['A made up token: ab***yz confidence: medium']);
    expect(all(node, 'section')[0].getAttribute('aria-label')).toBe('Selected finding');
  });

  it('shows no evidence where the words say all', () => {
    const { node } = detail(located({ evidence: { masked: '', digest: 'd' } }));
    expect(texts(node, 'p')).toEqual(['A made up token confidence: high']);
    expect(all(node, 'code')).toEqual([]);
  });

  it('offers what can be done, and does it', () => {
    const shown = located({ fixes: [fix('replace'), fix('mask'), fix('ignore')] }, CELL);
    const { node, notebook, actions, onOpen } = detail(shown);
    expect(texts(node, 'button')).toEqual([
      'Go to',
      'replace it',
      'mask it',
      'Ignore here…',
      'Ignore rule in project…'
    ]);
    all(node, 'button').forEach(click);
    expect(onOpen.mock.calls).toEqual([[shown]]);
    expect(actions.apply.mock.calls).toEqual([
      [notebook, shown, 'replace'],
      [notebook, shown, 'mask']
    ]);
    expect(actions.ignoreHere.mock.calls).toEqual([[notebook, shown]]);
    expect(actions.ignoreRule.mock.calls).toEqual([[notebook, shown.finding]]);
  });

  it('offers no way to a cell when there is none, nor a comment where none can stand', () => {
    expect(texts(detail(located()).node, 'button')).toEqual(['Ignore rule in project…']);
  });

  it('says which column a finding is in, and goes there', () => {
    const place = { line: 0, column: 0, end_line: 0, end_column: 0 };
    const shown = located({
      location: { type: 'column', path: 'df', column_name: 'mail\u202e', ...place }
    });
    const { node, onOpen } = detail(shown);
    expect(texts(node, '.llmsec-place')).toEqual(['column `mail<U+202E>` of `df`']);
    click(button(node, 'Go to'));
    expect(onOpen.mock.calls).toEqual([[shown]]);
  });

  it('says why a finding is suppressed, and does not offer to do so again', () => {
    const { node } = detail(
      located(
        { suppression: { kind: 'comment', reason: `${HOSTILE}\u202e` }, fixes: [fix('ignore')] },
        CELL
      )
    );
    expect(texts(node, 'p')[1]).toBe(`Suppressed by comment. ${HOSTILE}<U+202E>`);
    expect(texts(node, 'button')).toEqual(['Go to']);
  });

  it('explains the rule', () => {
    const { node } = detail(
      located(),
      rule({
        cwe: [798],
        owasp: ['LLM02'],
        atlas: ['AML.T0055'],
        reference: 'https://example.org/why',
        examples: [{ source: 'bad = 1', flagged: ['1'] }, { source: 'good = 2' }]
      })
    );
    expect(texts(node, 'p').slice(1)).toEqual([
      'Why Because of this',
      'Fix Do that',
      'See CWE-798, OWASP LLM02, ATLAS AML.T0055',
      'https://example.org/why',
      'Found',
      'Not found'
    ]);
    expect(texts(node, 'pre')).toEqual(['bad = 1', 'good = 2']);
    const [link] = all<HTMLAnchorElement>(node, 'a');
    expect([link.href, link.target, link.rel]).toEqual([
      'https://example.org/why',
      '_blank',
      'noopener noreferrer'
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'http://example.org',
    'data:text/html,x',
    '//example.org',
    ' https://example.org',
    'HTTPS://example.org'
  ])('makes no link of %j', reference => {
    const { node } = detail(located(), rule({ reference }));
    expect(all(node, 'a')).toEqual([]);
    expect(node.textContent).toContain(reference);
  });

  it('shows what a notebook says as text', () => {
    const { node } = detail(
      located(
        {
          rule: HOSTILE,
          name: HOSTILE,
          message: `${HOSTILE}\u202e`,
          evidence: { masked: `${HOSTILE}\u200b`, digest: '' },
          fixes: [fix('mask', { description: HOSTILE })]
        },
        CELL
      ),
      rule({ why: HOSTILE, remediation: HOSTILE, examples: [{ source: HOSTILE }] })
    );
    expect(all(node, 'img, script, a')).toEqual([]);
    expect(texts(node, 'p')[0]).toBe(`${HOSTILE}<U+202E>: ${HOSTILE}<U+200B> confidence: high`);
    expect(button(node, HOSTILE).childElementCount).toBe(0);
    expect(texts(node, 'pre')).toEqual([HOSTILE]);
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { accepted } from '../pushes';
import { finding, fix } from './fixtures';

const push = (...findings: unknown[]) => ({ source: 's', report: { findings } });
const kept = (...findings: unknown[]) => accepted(push(...findings))?.report.findings;

describe('accepted', () => {
  it.each([null, 7, 'x', [], {}, { source: 's' }, { source: 1, report: {} }, { report: {} }])(
    'is nothing for %j',
    words => {
      expect(accepted(words)).toBeNull();
    }
  );

  it('keeps a finding of the right shape, without its fixes and suppression', () => {
    const told = finding({ fixes: [fix('replace')], suppression: { kind: 'tag' } });
    expect(kept(told)).toEqual([{ ...told, fixes: [], suppression: null }]);
  });

  it.each([
    ['evidence', undefined],
    ['evidence', { masked: 7 }],
    ['location', null],
    ['location', { type: 'cell', line: -1, column: 0, end_line: 0, end_column: 0 }],
    ['location', { type: 'output', line: 0, column: 0, end_line: 0, end_column: 0 }],
    ['location', { type: '__proto__', line: 0, column: 0, end_line: 0, end_column: 0 }],
    ['severity', 'constructor'],
    ['family', '__proto__'],
    ['confidence', 1],
    ['message', { toString: 'x' }],
    ['message', 'x'.repeat(1001)],
    ['fingerprint', null]
  ])('drops one whose %s is %j', (name, value) => {
    expect(kept({ ...finding(), [name]: value }, finding({ rule: 'good' }))).toMatchObject([
      { rule: 'good' }
    ]);
  });

  it('lists no more than two thousand', () => {
    expect(kept(...Array<unknown>(2500).fill(finding()))).toHaveLength(2000);
  });
});

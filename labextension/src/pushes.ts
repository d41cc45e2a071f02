/** What a kernel pushes is code's word: nothing of it is believed that is not of the right shape. */

import { SEVERITIES } from './tokens';
import type { Finding, Push } from './wire';

/** More than this is not listed. */
const MOST = 2000;
const LONGEST = 1000;
const FAMILIES = new Set([
  'secret',
  'pii',
  'poison',
  'prompt',
  'dependency',
  'model',
  'code',
  'infra',
  'hygiene'
]);
const CONFIDENCES = new Set(['high', 'medium', 'low']);
const PLACES = new Set(['cell', 'output', 'metadata', 'attachment', 'column', 'file']);

interface IObject {
  readonly [name: string]: unknown;
}

/** The push with what can be shown of it; null when it is none. */
export function accepted(push: unknown): Push | null {
  if (!isObject(push) || !isObject(push.report) || typeof push.source !== 'string') {
    return null;
  }
  const listed = Array.isArray(push.report.findings) ? push.report.findings.slice(0, MOST) : [];
  const cells = Array.isArray(push.cells) ? push.cells : [];
  return {
    source: push.source,
    report: { findings: listed.flatMap(finding => accepts(finding)) },
    cells: cells.filter((id): id is string => typeof id === 'string'),
    executed: push.executed === true
  };
}

/**
 * A finding without its fixes: these would edit the document, and the kernel knows it only as it
 * was when it ran.
 */
function accepts(finding: unknown): Finding[] {
  if (!isObject(finding) || !isObject(finding.location) || !isObject(finding.evidence)) {
    return [];
  }
  const { rule, name, message, fingerprint, evidence, location } = finding;
  const texts = [rule, name, message, fingerprint, evidence.masked];
  const fits =
    texts.every(text => typeof text === 'string' && text.length <= LONGEST) &&
    SEVERITIES.includes(finding.severity as never) &&
    FAMILIES.has(finding.family as string) &&
    CONFIDENCES.has(finding.confidence as string) &&
    isPlace(location);
  return fits ? [{ ...(finding as unknown as Finding), fixes: [], suppression: null }] : [];
}

function isPlace(location: IObject): boolean {
  const { type, line, column, end_line, end_column, output, mime } = location;
  const numbers = [line, column, end_line, end_column].every(
    number => Number.isInteger(number) && (number as number) >= 0
  );
  const inOutput = Number.isInteger(output) && typeof mime === 'string';
  return PLACES.has(type as string) && numbers && (type !== 'output' || inOutput);
}

function isObject(value: unknown): value is IObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

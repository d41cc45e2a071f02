/** What a kernel pushes is code's word: nothing of it is believed that is not of the right shape. */

import { acceptsData } from './pushed';
import type { IObject } from './shapes';
import {
  acceptsFailure,
  isConfidence,
  isCount,
  isObject,
  isSeverity,
  isShare,
  isText,
  listed
} from './shapes';
import type { Also, ColumnReport, Finding, Push, Report, Risk, TableReport, Trait } from './wire';

/** More than this is not listed. */
const MOST = 2000;
const MOST_TABLES = 20;
const MOST_COLUMNS = 500;
/** Of kinds, samples, traits and problems. */
const MOST_PARTS = 20;
/** A mask is short; what is longer is no mask. */
const LONGEST_MASK = 80;
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
const PLACES = new Set(['cell', 'output', 'metadata', 'attachment', 'column', 'file']);

/** The push with what can be shown of it; null when it is none. */
export function accepted(push: unknown): Push | null {
  if (!isObject(push) || !isObject(push.report) || typeof push.source !== 'string') {
    return null;
  }
  return {
    source: push.source,
    report: acceptedReport(push.report),
    cells: listed(push.cells).filter((id): id is string => typeof id === 'string'),
    executed: push.executed === true
  };
}

function acceptedReport(report: IObject): Report {
  const tables = listed(report.tables);
  const left = tables.length - MOST_TABLES;
  const failures = listed(report.failures).slice(0, MOST_TABLES).flatMap(acceptsFailure);
  if (left > 0) {
    failures.push({ path: '', message: `${left} more tables are not shown` });
  }
  return {
    findings: listed(report.findings)
      .slice(0, MOST)
      .flatMap(finding => accepts(finding)),
    tables: tables.slice(0, MOST_TABLES).flatMap(acceptsTable),
    data: listed(report.data).slice(0, MOST_TABLES).flatMap(acceptsData),
    failures,
    skips: listed(report.skips).slice(0, MOST_TABLES).flatMap(acceptsFailure)
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
  // What the live scan does not know it cannot suppress either: there the kernel's word counts.
  const isQuiet = finding.family === 'dependency' && isObject(finding.suppression);
  const fits =
    !isQuiet &&
    texts.every(isText) &&
    isSeverity(finding.severity) &&
    FAMILIES.has(finding.family as string) &&
    isConfidence(finding.confidence) &&
    isPlace(location);
  return fits ? [{ ...(finding as unknown as Finding), fixes: [], suppression: null }] : [];
}

function isPlace(location: IObject): boolean {
  const { type, line, column, end_line, end_column, output, mime } = location;
  const numbers = [line, column, end_line, end_column].every(isCount);
  const inOutput = Number.isInteger(output) && typeof mime === 'string';
  const inColumn = isText(location.column_name) && isText(location.path ?? '');
  return (
    PLACES.has(type as string) &&
    numbers &&
    (type !== 'output' || inOutput) &&
    (type !== 'column' || inColumn)
  );
}

/** A table with its columns of the right shape; what is left out of it is said among its problems. */
function acceptsTable(table: unknown): TableReport[] {
  if (!isObject(table) || !Array.isArray(table.columns)) {
    return [];
  }
  const { name, rows, rows_seen, complete } = table;
  if (!isText(name) || !isCount(rows_seen) || typeof complete !== 'boolean') {
    return [];
  }
  if (rows !== null && !isCount(rows)) {
    return [];
  }
  const all = table.columns.slice(0, MOST * MOST_PARTS).flatMap(acceptsColumn);
  // Where there are too many, those with personal data are kept.
  const personal = [...all.filter(isPersonal), ...all.filter(column => !isPersonal(column))];
  const columns = all.length > MOST_COLUMNS ? personal.slice(0, MOST_COLUMNS) : all;
  const problems = listed(table.problems).slice(0, MOST_PARTS).flatMap(acceptsFailure);
  if (!complete && !problems.length) {
    problems.push({ path: name, message: 'not all rows were seen' });
  }
  const left = table.columns.length - columns.length;
  if (left > 0) {
    problems.push({ path: name, message: `${left} of its columns are not shown` });
  }
  return [{ name, rows, rows_seen, complete, columns, risk: acceptedRisk(table.risk), problems }];
}

function isPersonal({ rule, also }: ColumnReport): boolean {
  return Boolean(rule) || Boolean(also?.length);
}

function acceptsColumn(column: unknown): ColumnReport[] {
  if (!isObject(column)) {
    return [];
  }
  const { path, dtype, form, rows, nulls, distinct } = column;
  const { kind = '', rule = '', country = '', note = '', share = 0, hits = 0 } = column;
  const { severity = null, confidence = null } = column;
  if (!isText(path) || !isText(dtype) || !isText(form) || !isText(note)) {
    return [];
  }
  if (!isText(kind) || !isText(rule) || !isText(country)) {
    return [];
  }
  if (!isCount(rows) || !isCount(nulls) || !isCount(distinct) || !isCount(hits)) {
    return [];
  }
  const judged = isSeverity(severity) && isConfidence(confidence);
  if (!isShare(share) || (!judged && (rule !== '' || severity !== null || confidence !== null))) {
    return [];
  }
  return [
    {
      ...{ path, dtype, form, rows, nulls, distinct, kind, rule, country, note, share, hits },
      exact: column.exact !== false,
      severity: judged ? severity : null,
      confidence: judged ? confidence : null,
      masked: acceptedMasks(column.masked),
      also: listed(column.also).slice(0, MOST_PARTS).flatMap(acceptsFurther)
    }
  ];
}

function acceptsFurther(further: unknown): Also[] {
  if (!isObject(further)) {
    return [];
  }
  const { kind, rule, hits, confidence, severity, country = '' } = further;
  if (!isText(kind) || !isText(rule) || !isText(country) || !isCount(hits)) {
    return [];
  }
  if (!isConfidence(confidence) || !isSeverity(severity)) {
    return [];
  }
  const masked = acceptedMasks(further.masked);
  const exact = further.exact !== false;
  return [{ kind, rule, hits, confidence, severity, country, masked, exact }];
}

function acceptedRisk(risk: unknown): Risk | null {
  if (!isObject(risk) || !Array.isArray(risk.traits)) {
    return null;
  }
  const { rows, classes, smallest, unique, below_five } = risk;
  if (!isCount(rows) || !isCount(classes) || !isCount(smallest)) {
    return null;
  }
  if (!isShare(unique) || !isShare(below_five)) {
    return null;
  }
  const traits = risk.traits.slice(0, MOST_PARTS).flatMap(acceptsTrait);
  const estimated = risk.estimated === true;
  return { traits, rows, classes, smallest, unique, below_five, estimated };
}

function acceptsTrait(trait: unknown): Trait[] {
  if (!isObject(trait)) {
    return [];
  }
  const { path, distinct, unique } = trait;
  return isText(path) && isCount(distinct) && isShare(unique) ? [{ path, distinct, unique }] : [];
}

function acceptedMasks(masks: unknown): string[] {
  return listed(masks)
    .slice(0, MOST_PARTS)
    .filter((mask): mask is string => isText(mask) && mask.length <= LONGEST_MASK);
}

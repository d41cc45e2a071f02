/** What a kernel says of training data: kept is what has the right shape, and not too much of it. */

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
import type { Alert, Coverage, DataReport, Mark, Point, Power, Sample } from './wire';

const MOST_ALERTS = 500;
const MOST_POINTS = 1000;
const MOST_PARTS = 50;

export function acceptsData(data: unknown): DataReport[] {
  if (!isObject(data) || !isText(data.name) || !isCount(data.rows)) {
    return [];
  }
  const { name, rows } = data;
  const all = listed(data.alerts);
  const alerts = all.slice(0, MOST_ALERTS).flatMap(acceptsAlert);
  const problems = listed(data.problems).slice(0, MOST_PARTS).flatMap(acceptsFailure);
  if (alerts.length < all.length) {
    problems.push({ path: name, message: `${all.length - alerts.length} alerts are not shown` });
  }
  return [
    {
      name,
      rows,
      problems,
      alerts,
      complete: data.complete === true,
      roles: acceptedRoles(data.roles),
      guessed: texts(data.guessed),
      flagged: isCount(data.flagged) ? data.flagged : 0,
      not_covered: texts(data.not_covered),
      power: listed(data.power).slice(0, MOST_PARTS).flatMap(acceptsPower),
      points: listed(data.points).slice(0, MOST_POINTS).flatMap(acceptsPoint),
      coverage: listed(data.coverage).slice(0, MOST_PARTS).flatMap(acceptsCoverage)
    }
  ];
}

function acceptedRoles(roles: unknown): DataReport['roles'] {
  const entries = isObject(roles) ? Object.entries(roles).slice(0, MOST_PARTS) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry.every(isText))
  );
}

function acceptsAlert(alert: unknown): Alert[] {
  if (!isObject(alert)) {
    return [];
  }
  const { id, rule, detector, message, fingerprint, severity, confidence, rows } = alert;
  const { trigger = '', target = '', remedy = '', accepted = '' } = alert;
  if (!isText(id) || !isText(rule) || !isText(detector) || !isText(message)) {
    return [];
  }
  if (!isText(fingerprint) || !isSeverity(severity) || !isConfidence(confidence)) {
    return [];
  }
  if (!isCount(rows) || !isText(trigger) || !isText(target)) {
    return [];
  }
  if (!isText(remedy) || !isText(accepted)) {
    return [];
  }
  return [
    {
      ...{ id, rule, detector, message, fingerprint, severity, confidence, rows },
      ...{ trigger, target, remedy, accepted },
      columns: texts(alert.columns),
      ...figures(alert),
      samples: listed(alert.samples).slice(0, MOST_PARTS).flatMap(acceptsSample)
    }
  ];
}

function figures(alert: IObject): Partial<Alert> {
  const share = (value: unknown) => (isShare(value) ? value : null);
  return {
    purity: share(alert.purity),
    purity_from: share(alert.purity_from),
    prior: share(alert.prior),
    support: share(alert.support),
    insertion: isNumber(alert.insertion) ? alert.insertion : null
  };
}

function acceptsSample(sample: unknown): Sample[] {
  if (!isObject(sample)) {
    return [];
  }
  const { row, column, text, label = '' } = sample;
  if (!isCount(row) || !isText(column) || !isText(text) || !isText(label)) {
    return [];
  }
  const marks = listed(sample.marks).slice(0, MOST_PARTS).flatMap(acceptsMark);
  const inOrder = marks.every(({ start }, at) => at === 0 || start >= marks[at - 1].end);
  return [{ row, column, text, label, marks: inOrder ? marks : [] }];
}

function acceptsMark(mark: unknown): Mark[] {
  if (!isObject(mark) || !isCount(mark.start) || !isCount(mark.end) || mark.end < mark.start) {
    return [];
  }
  return [{ start: mark.start, end: mark.end }];
}

function acceptsPower(power: unknown): Power[] {
  if (!isObject(power)) {
    return [];
  }
  const { detector, what, rows, share, decoys } = power;
  if (!isText(detector) || !isText(what) || !isShare(share) || !isCount(decoys)) {
    return [];
  }
  return [{ detector, what, share, decoys, rows: isCount(rows) ? rows : null }];
}

function acceptsPoint(point: unknown): Point[] {
  if (!isObject(point)) {
    return [];
  }
  const { text, count, purity, target, alert = '' } = point;
  if (!isText(text) || !isCount(count) || !isShare(purity) || !isText(target) || !isText(alert)) {
    return [];
  }
  return [{ text, count, purity, target, alert }];
}

function acceptsCoverage(coverage: unknown): Coverage[] {
  if (!isObject(coverage)) {
    return [];
  }
  const { detector, state, note = '' } = coverage;
  return isText(detector) && isText(state) && isText(note) ? [{ detector, state, note }] : [];
}

function texts(values: unknown): string[] {
  return listed(values).slice(0, MOST_PARTS).filter(isText);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Whether values of unknown origin have the shape that is needed. */

import { SEVERITIES } from './tokens';
import type { Confidence, Failure, Severity } from './wire';

/** Longer texts are not believed. */
const LONGEST = 1000;
const CONFIDENCES = new Set(['high', 'medium', 'low']);

export interface IObject {
  readonly [name: string]: unknown;
}

export function acceptsFailure(failure: unknown): Failure[] {
  if (!isObject(failure)) {
    return [];
  }
  const { path, message, remedy = '' } = failure;
  return isText(path) && isText(message) && isText(remedy) ? [{ path, message, remedy }] : [];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

export function isSeverity(value: unknown): value is Severity {
  return SEVERITIES.includes(value as Severity);
}

export function isConfidence(value: unknown): value is Confidence {
  return CONFIDENCES.has(value as string);
}

export function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isObject(value: unknown): value is IObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Words that several parts show. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { visible } from './places';
import type { Confidence, Family, Finding, Severity } from './wire';

export function severityName(severity: Severity, trans: TranslationBundle): string {
  switch (severity) {
    case 'critical':
      return trans.__('Critical');
    case 'high':
      return trans.__('High');
    case 'medium':
      return trans.__('Medium');
    case 'low':
      return trans.__('Low');
    case 'info':
      return trans.__('Info');
  }
}

export function confidenceName(confidence: Confidence, trans: TranslationBundle): string {
  switch (confidence) {
    case 'high':
      return trans.__('High');
    case 'medium':
      return trans.__('Medium');
    case 'low':
      return trans.__('Low');
  }
}

export function familyName(family: Family, trans: TranslationBundle): string {
  switch (family) {
    case 'secret':
      return trans.__('Secrets');
    case 'pii':
      return trans.__('Personal data');
    case 'poison':
      return trans.__('Poisoned data');
    case 'prompt':
      return trans.__('Prompts');
    case 'dependency':
      return trans.__('Dependencies');
    case 'model':
      return trans.__('Model files');
    case 'code':
      return trans.__('Code');
    case 'infra':
      return trans.__('Infrastructure');
    case 'hygiene':
      return trans.__('Hygiene');
  }
}

/** Where in its cell a finding is; line numbers count from 1, as people do. */
export function placeName(place: Finding['location'], trans: TranslationBundle): string {
  switch (place.type) {
    case 'cell':
      return trans.__('line %1', place.line + 1);
    case 'output':
      return trans.__('output %1', place.output + 1);
    case 'attachment':
      return trans.__('attachment');
    case 'metadata':
      return trans.__('metadata');
    case 'column':
      return place.path
        ? trans.__('column `%1` of `%2`', visible(place.column_name), visible(place.path))
        : trans.__('column `%1`', visible(place.column_name));
    case 'file':
      return trans.__('file');
  }
}

/** A share from 0 to 1; what is there at all is never "0 %". */
export function percent(share: number): string {
  if (share === 0 || share >= 0.1) {
    return `${Math.round(100 * share)} %`;
  }
  return share < 0.001 ? '<0.1 %' : `${(100 * share).toFixed(1)} %`;
}

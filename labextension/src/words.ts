/** Words that several parts show. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { Family, Finding, Severity } from './wire';

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
      return trans.__('column');
    case 'file':
      return trans.__('file');
  }
}

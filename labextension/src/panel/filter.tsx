/** The filter: by severity, family and text. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { ILocated } from '../tokens';
import { SEVERITIES } from '../tokens';
import type { Family, Severity } from '../wire';
import { familyName, severityName } from '../words';

export interface IFilter {
  readonly text: string;
  /** Empty: all. */
  readonly severities: readonly Severity[];
  /** Empty: all. */
  readonly family: Family | '';
}

export const EVERYTHING: IFilter = { text: '', severities: [], family: '' };

/** Whether a finding passes; each word of the text must occur somewhere in what is shown. */
export function matches(
  { finding }: ILocated,
  { text, severities, family }: IFilter,
  trans: TranslationBundle
): boolean {
  if (severities.length && !severities.includes(finding.severity)) {
    return false;
  }
  if (family && finding.family !== family) {
    return false;
  }
  const { rule, name, message, evidence } = finding;
  const whole = [rule, name, message, evidence.masked, familyName(finding.family, trans)]
    .join(' ')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => whole.includes(word));
}

interface IProps {
  found: readonly ILocated[];
  filter: IFilter;
  onChange: (filter: IFilter) => void;
  trans: TranslationBundle;
}

export function FilterBar({ found, filter, onChange, trans }: IProps): React.JSX.Element {
  const families = [...new Set(found.map(({ finding }) => finding.family))].sort();
  return (
    <div className="llmsec-filter" role="search" aria-label={trans.__('Filter findings')}>
      <input
        type="search"
        className="llmsec-search jp-mod-styled"
        placeholder={trans.__('Filter')}
        aria-label={trans.__('Filter by text')}
        value={filter.text}
        onChange={event => onChange({ ...filter, text: event.target.value })}
      />
      <div className="llmsec-toggles" role="group" aria-label={trans.__('Filter by severity')}>
        {SEVERITIES.map(severity => {
          const count = found.filter(({ finding }) => finding.severity === severity).length;
          return (
            count > 0 && (
              <button
                key={severity}
                type="button"
                className={`llmsec-toggle llmsec-level-${severity}`}
                aria-pressed={filter.severities.includes(severity)}
                onClick={() =>
                  onChange({ ...filter, severities: toggled(filter.severities, severity) })
                }
              >
                {trans.__('%1 %2', severityName(severity, trans), count)}
              </button>
            )
          );
        })}
      </div>
      {families.length > 1 && (
        <select
          className="llmsec-family jp-mod-styled"
          aria-label={trans.__('Filter by family')}
          value={filter.family}
          onChange={event => onChange({ ...filter, family: event.target.value as Family | '' })}
        >
          <option value="">{trans.__('All families')}</option>
          {families.map(family => (
            <option key={family} value={family}>
              {familyName(family, trans)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function toggled(severities: readonly Severity[], severity: Severity): Severity[] {
  return severities.includes(severity)
    ? severities.filter(other => other !== severity)
    : [...severities, severity];
}

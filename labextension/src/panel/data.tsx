/** What the kernel said of training data: alerts with their rows, the plot, the power of the scan. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';
import { advance, visible } from '../places';
import type { Settings } from '../settings';
import type { Alert, DataReport, Power, Sample } from '../wire';
import { confidenceName, percent, severityName } from '../words';
import { PurityPlot } from './plot';
import type { ITarget } from './tables';

/** Alerts that are drawn before people ask for more. */
const STEP = 50;
const SAMPLES = 3;

interface IProps {
  data: readonly DataReport[];
  settings: Settings;
  target: ITarget | null;
  trans: TranslationBundle;
}

export function Data(props: IProps): React.JSX.Element | null {
  const { data, settings, trans } = props;
  if (!data.length || settings.values.hiddenFamilies.includes('poison')) {
    return null;
  }
  return (
    <section className="llmsec-tables llmsec-data" aria-label={trans.__('Training data')}>
      <h3>{trans.__('Training data')}</h3>
      {data.map(report => (
        <Report key={report.name} {...props} report={report} />
      ))}
    </section>
  );
}

function Report(props: IProps & { report: DataReport }): React.JSX.Element {
  const { report, target, settings, trans } = props;
  const id = useId();
  const node = useRef<HTMLDivElement>(null);
  const asked = useRef(target); // a report that comes anew does not answer an old call
  const [open, setOpen] = useState(true);
  const [limit, setLimit] = useState(STEP);
  const wanted = settings.values.severities;
  const alerts = (report.alerts ?? []).filter(
    ({ severity, confidence, accepted }) =>
      wanted.includes(severity) && confidence !== 'low' && !accepted
  );
  useEffect(() => {
    const isNew = target !== asked.current;
    asked.current = target;
    if (isNew && target?.table === report.name) {
      setOpen(true);
      node.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [target, report.name]);
  return (
    <div className="llmsec-frame" ref={node}>
      <h4>
        <button
          type="button"
          className="llmsec-frame-head"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <span aria-hidden="true" className="llmsec-twist">
            {open ? '▾' : '▸'}
          </span>
          <code>{visible(report.name) || trans.__('data')}</code>{' '}
          <span className="llmsec-where">
            {trans._n(
              '%1 alert in %2 rows',
              '%1 alerts in %2 rows',
              alerts.length,
              shown(report.rows)
            )}
          </span>
          {!report.complete && (
            <>
              {' '}
              <strong className="llmsec-incomplete">{trans.__('INCOMPLETE')}</strong>
            </>
          )}
        </button>
      </h4>
      <div id={id} hidden={!open}>
        {open && (
          <>
            <p className="llmsec-note">{rolesOf(report, trans)}</p>
            {alerts.slice(0, limit).map(alert => (
              <AlertView key={alert.id} alert={alert} trans={trans} />
            ))}
            {alerts.length > limit && (
              <button
                type="button"
                className="llmsec-button llmsec-more"
                onClick={() => setLimit(limit + STEP)}
              >
                {trans._n('Show %1 more', 'Show %1 more', Math.min(alerts.length - limit, STEP))}
              </button>
            )}
            <PurityPlot
              points={report.points ?? []}
              alerts={new Set(alerts.map(alert => alert.id))}
              trans={trans}
            />
            <PowerView power={report.power ?? []} trans={trans} />
            {(report.not_covered ?? []).length > 0 && (
              <p className="llmsec-note">
                {trans.__(
                  'Not covered by any scan of this kind: %1',
                  (report.not_covered ?? []).map(visible).join('; ')
                )}
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function AlertView({
  alert,
  trans
}: {
  alert: Alert;
  trans: TranslationBundle;
}): React.JSX.Element {
  const figures = figuresOf(alert, trans);
  return (
    <details className={`llmsec-alert llmsec-level-${alert.severity}`}>
      <summary>
        <b>{alert.id}</b>{' '}
        <span className="llmsec-where">
          {severityName(alert.severity, trans)}, {confidenceName(alert.confidence, trans)}
        </span>{' '}
        <span className="llmsec-told">{visible(alert.message)}</span>
      </summary>
      {figures && <p className="llmsec-note">{figures}</p>}
      {(alert.samples ?? []).slice(0, SAMPLES).map((sample, at) => (
        <SampleView key={at} sample={sample} trans={trans} />
      ))}
      {alert.remedy && <p>{visible(alert.remedy)}</p>}
    </details>
  );
}

/** A row with what was found in it marked; the text is fit to be shown as it is. */
function SampleView(props: { sample: Sample; trans: TranslationBundle }): React.JSX.Element {
  const { sample, trans } = props;
  const parts: React.ReactNode[] = [];
  let offset = 0;
  let count = 0;
  for (const { start, end } of sample.marks ?? []) {
    const from = advance(sample.text, offset, start - count);
    const to = advance(sample.text, from, end - start);
    parts.push(visible(sample.text.slice(offset, from)));
    parts.push(<mark key={start}>{visible(sample.text.slice(from, to))}</mark>);
    offset = to;
    count = end;
  }
  parts.push(visible(sample.text.slice(offset)));
  return (
    <div className="llmsec-sample">
      <span className="llmsec-where">{trans.__('row %1', String(sample.row))}</span>{' '}
      <code>{parts}</code>
      {sample.label && <span className="llmsec-where"> → {visible(sample.label)}</span>}
    </div>
  );
}

function PowerView(props: {
  power: readonly Power[];
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { power, trans } = props;
  if (!power.length) {
    return null;
  }
  const atOnce = power.filter(({ rows }) => rows === 1);
  const others = power.filter(({ rows }) => rows !== 1);
  return (
    <>
      <p className="llmsec-note">{trans.__('What would have been seen:')}</p>
      <ul>
        {atOnce.length > 0 && (
          <li>
            {trans.__(
              'each would show from 1 row: %1',
              atOnce.map(({ what }) => visible(what)).join(', ')
            )}
          </li>
        )}
        {others.map(({ what, rows }, at) => (
          <li key={at}>
            {rows
              ? trans.__('%1 would show from about %2 rows', visible(what), String(rows))
              : trans.__('%1 would not show for sure', visible(what))}
          </li>
        ))}
      </ul>
    </>
  );
}

function rolesOf({ roles, guessed = [] }: DataReport, trans: TranslationBundle): string {
  const names = Object.entries(roles).map(([role, column]) =>
    guessed.includes(role)
      ? trans.__('%1 = %2 (guessed)', role, visible(column))
      : trans.__('%1 = %2', role, visible(column))
  );
  return names.length
    ? trans.__('Read as %1', names.join(', '))
    : trans.__('No column has a role: name them, such as --text and --label.');
}

function figuresOf(alert: Alert, trans: TranslationBundle): string {
  const { purity, purity_from: from, prior, support, insertion } = alert;
  const number = (value: number) => value.toFixed(2);
  return [
    typeof purity === 'number' && trans.__('purity %1', percent(purity)),
    typeof from === 'number' && trans.__('at least %1', percent(from)),
    typeof prior === 'number' && trans.__('%1 of all rows', percent(prior)),
    typeof support === 'number' && trans.__('support of the rest %1', number(support)),
    typeof insertion === 'number' && trans.__('insertion %1', number(insertion))
  ]
    .filter(Boolean)
    .join(', ');
}

function shown(count: number): string {
  return count.toLocaleString('en');
}

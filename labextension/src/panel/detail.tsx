/** One finding in full: what, why, how to mend it, and what to do. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { Actions } from '../actions';
import { visible } from '../places';
import { fixOf } from '../repair';
import type { ILocated, INotebookFindings } from '../tokens';
import type { Rule } from '../wire';
import { placeName, severityName } from '../words';

interface IProps {
  notebook: INotebookFindings;
  located: ILocated;
  rule: Rule | undefined;
  actions: Actions;
  /** Show the finding where it is. */
  onOpen: (located: ILocated) => void;
  trans: TranslationBundle;
}

export function Detail(props: IProps): React.JSX.Element {
  const { notebook, located, rule, actions, onOpen, trans } = props;
  const { finding } = located;
  const inColumn = finding.location.type === 'column';
  const repairs = (finding.fixes ?? []).filter(fix => fix.kind !== 'ignore');
  return (
    <section className="llmsec-detail" aria-label={trans.__('Selected finding')}>
      <h3>
        <span className={`llmsec-level llmsec-level-${finding.severity}`}>
          {severityName(finding.severity, trans)}
        </span>{' '}
        {finding.rule} {finding.name}
      </h3>
      <p>
        {visible(finding.message)}
        {finding.evidence.masked && (
          <>
            : <code>{visible(finding.evidence.masked)}</code>
          </>
        )}{' '}
        <span className="llmsec-where">{trans.__('confidence: %1', finding.confidence)}</span>
      </p>
      {inColumn && <p className="llmsec-place">{placeName(finding.location, trans)}</p>}
      {finding.suppression && (
        <p>
          {trans.__('Suppressed by %1.', finding.suppression.kind)}{' '}
          {visible(finding.suppression.reason || '')}
        </p>
      )}
      <div className="llmsec-actions">
        {(located.cell || inColumn) && (
          <Button run={() => onOpen(located)}>{trans.__('Go to')}</Button>
        )}
        {repairs.map(fix => (
          <Button key={fix.kind} run={() => actions.apply(notebook, located, fix.kind)}>
            {fix.description}
          </Button>
        ))}
        {!finding.suppression && fixOf(finding, 'ignore') && (
          <Button run={() => actions.ignoreHere(notebook, located)}>
            {trans.__('Ignore here…')}
          </Button>
        )}
        {!finding.suppression && (
          <Button run={() => actions.ignoreRule(notebook, finding)}>
            {trans.__('Ignore rule in project…')}
          </Button>
        )}
      </div>
      {rule && <Explanation rule={rule} trans={trans} />}
    </section>
  );
}

function Explanation({ rule, trans }: { rule: Rule; trans: TranslationBundle }): React.JSX.Element {
  const references = [
    ...(rule.cwe ?? []).map(number => `CWE-${number}`),
    ...(rule.owasp ?? []).map(name => `OWASP ${name}`),
    ...(rule.atlas ?? []).map(name => `ATLAS ${name}`)
  ];
  const found = (rule.examples ?? []).filter(({ flagged }) => flagged?.length);
  const clean = (rule.examples ?? []).filter(({ flagged }) => !flagged?.length);
  return (
    <>
      <p>
        <b>{trans.__('Why')}</b> {rule.why}
      </p>
      <p>
        <b>{trans.__('Fix')}</b> {rule.remediation}
      </p>
      {references.length > 0 && (
        <p>
          <b>{trans.__('See')}</b> {references.join(', ')}
        </p>
      )}
      {rule.reference && (
        <p>
          <SafeLink address={rule.reference} />
        </p>
      )}
      <details>
        <summary>{trans.__('Examples')}</summary>
        <Examples title={trans.__('Found')} sources={found.map(({ source }) => source)} />
        <Examples title={trans.__('Not found')} sources={clean.map(({ source }) => source)} />
      </details>
    </>
  );
}

function Examples({
  title,
  sources
}: {
  title: string;
  sources: string[];
}): React.JSX.Element | null {
  return sources.length ? (
    <>
      <p>{title}</p>
      <pre>{visible(sources.join('\n'))}</pre>
    </>
  ) : null;
}

/** Only addresses of the web become links. */
function SafeLink({ address }: { address: string }): React.JSX.Element {
  return /^https:\/\//.test(address) ? (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {address}
    </a>
  ) : (
    <>{address}</>
  );
}

function Button(props: {
  run: () => Promise<void> | void;
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <button type="button" className="llmsec-button" onClick={() => void props.run()}>
      {props.children}
    </button>
  );
}

/** The findings as a tree: severities, and below each its findings. Keyboard as in file trees. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';
import { familyIcon } from '../icons';
import { visible } from '../places';
import type { ILocated } from '../tokens';
import type { Severity } from '../wire';
import { familyName, placeName } from '../words';
import type { IGroup, Numbers } from './panel';
import { groupName } from './panel';

/** Rows that are drawn of a group before people ask for more. */
const STEP = 100;

interface IProps {
  groups: IGroup[];
  numbers: Numbers;
  selected: string;
  onSelect: (fingerprint: string) => void;
  onOpen: (located: ILocated) => void;
  onSuppress: (located: ILocated) => void;
  trans: TranslationBundle;
}

export function FindingsTree(props: IProps): React.JSX.Element | null {
  const { groups, trans } = props;
  const tree = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<readonly Severity[]>([]);
  const [limits, setLimits] = useState<{ readonly [severity: string]: number }>({});
  const [focus, setFocus] = useState('');
  const keys = groups.flatMap(group => [
    group.severity as string,
    ...(closed.includes(group.severity) ? [] : rows(group, limits).map(key))
  ]);
  const tabStop = keys.includes(focus)
    ? focus
    : keys.includes(props.selected)
      ? props.selected
      : keys[0];
  const move = (to: string | undefined) => {
    if (to !== undefined) {
      setFocus(to);
      find(tree.current, to)?.focus();
    }
  };
  useEffect(() => {
    find(tree.current, props.selected)?.scrollIntoView({ block: 'nearest' });
  }, [props.selected]);
  const before = useRef<string[]>([]);
  useEffect(() => {
    // The row that had the focus is gone: its neighbour gets it, so that the keyboard goes on.
    const at = before.current.indexOf(focus);
    before.current = keys;
    if (at >= 0 && !keys.includes(focus) && document.activeElement === document.body) {
      move(keys[Math.min(at, keys.length - 1)]);
    }
  });
  if (!groups.length) {
    return null;
  }
  const toggle = (severity: Severity, open: boolean) =>
    setClosed(open ? closed.filter(other => other !== severity) : [...closed, severity]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    if (modified || event.target instanceof HTMLButtonElement) {
      return; // shortcuts and buttons have keys of their own
    }
    const at = keys.indexOf(tabStop);
    const group = groups.find(({ severity }) => severity === tabStop);
    const located = group ? undefined : groups.flatMap(g => g.found).find(l => key(l) === tabStop);
    const parent = located?.finding.severity;
    const handled = handle(event.key, {
      ArrowDown: () => move(keys[at + 1]),
      ArrowUp: () => move(keys[at - 1]),
      Home: () => move(keys[0]),
      End: () => move(keys[keys.length - 1]),
      ArrowRight: () => {
        if (group && closed.includes(group.severity)) {
          toggle(group.severity, true);
        } else if (group) {
          move(keys[at + 1]);
        }
      },
      ArrowLeft: () => (group ? toggle(group.severity, false) : move(parent)),
      Enter: () => {
        if (group) {
          toggle(group.severity, closed.includes(group.severity));
        } else if (located) {
          props.onSelect(tabStop);
          props.onOpen(located);
        }
      },
      ' ': () =>
        group ? toggle(group.severity, closed.includes(group.severity)) : props.onSelect(tabStop),
      Delete: () => located && props.onSuppress(located)
    });
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    <div
      ref={tree}
      className="llmsec-tree"
      role="tree"
      aria-label={trans.__('Findings')}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {groups.map(group => (
        <Group
          key={group.severity}
          {...props}
          group={group}
          open={!closed.includes(group.severity)}
          shown={rows(group, limits)}
          tabStop={tabStop}
          onFocus={setFocus}
          onToggle={open => toggle(group.severity, open)}
          onMore={() =>
            setLimits({ ...limits, [group.severity]: rows(group, limits).length + STEP })
          }
        />
      ))}
    </div>
  );
}

interface IGroupProps extends IProps {
  group: IGroup;
  open: boolean;
  shown: ILocated[];
  tabStop: string;
  onFocus: (key: string) => void;
  onToggle: (open: boolean) => void;
  onMore: () => void;
}

function Group(props: IGroupProps): React.JSX.Element {
  const { group, open, shown, tabStop, trans } = props;
  const left = group.found.length - shown.length;
  const name = groupName(group, trans);
  return (
    <div
      role="treeitem"
      aria-level={1}
      aria-expanded={open}
      aria-selected={false}
      aria-label={name}
      data-key={group.severity}
      tabIndex={tabStop === group.severity ? 0 : -1}
      className="llmsec-group"
      onFocus={event => event.target === event.currentTarget && props.onFocus(group.severity)}
    >
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the tree handles the keyboard */}
      <div
        className={`llmsec-group-head llmsec-level-${group.severity}`}
        onClick={() => props.onToggle(!open)}
      >
        <span aria-hidden="true" className="llmsec-twist">
          {open ? '▾' : '▸'}
        </span>
        {name}
      </div>
      {open && (
        <div role="group">
          {shown.map(located => (
            <Row key={key(located)} {...props} located={located} />
          ))}
        </div>
      )}
      {open && left > 0 && (
        <button type="button" className="llmsec-button llmsec-more" onClick={props.onMore}>
          {trans._n('Show %1 more', 'Show %1 more', Math.min(left, STEP))}
        </button>
      )}
    </div>
  );
}

function Row(props: IGroupProps & { located: ILocated }): React.JSX.Element {
  const { located, numbers, selected, tabStop, trans } = props;
  const { finding, cell } = located;
  const Icon = familyIcon(finding.family).react;
  const where = cell
    ? trans.__('cell %1, %2', numbers(cell), placeName(finding.location, trans))
    : placeName(finding.location, trans);
  const own = key(located);
  const inColumn = finding.location.type === 'column'; // always from the kernel
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree handles the keyboard
    <div
      role="treeitem"
      aria-level={2}
      aria-selected={selected === own}
      data-key={own}
      tabIndex={tabStop === own ? 0 : -1}
      className={`llmsec-row${finding.suppression ? ' llmsec-suppressed' : ''}`}
      title={visible(finding.message)}
      onFocus={() => props.onFocus(own)}
      onClick={() => {
        props.onSelect(own);
        props.onOpen(located);
      }}
    >
      <span className="llmsec-row-icon" title={familyName(finding.family, trans)}>
        <Icon tag="span" height="16px" width="16px" />
      </span>
      <span className="llmsec-row-name">
        <span className="llmsec-rule">{finding.rule}</span> {finding.name}
      </span>
      <span className="llmsec-where">
        {where}
        {finding.suppression ? trans.__(', suppressed') : ''}
        {located.pushed && !inColumn ? trans.__(', from the kernel') : ''}
      </span>
      {finding.evidence.masked ? (
        <code className="llmsec-evidence">{visible(finding.evidence.masked)}</code>
      ) : (
        <span className="llmsec-message">{visible(finding.message)}</span>
      )}
    </div>
  );
}

function rows(group: IGroup, limits: { readonly [severity: string]: number }): ILocated[] {
  return group.found.slice(0, limits[group.severity] ?? STEP);
}

function key({ finding }: ILocated): string {
  return finding.fingerprint;
}

function find(tree: HTMLElement | null, own: string): HTMLElement | null {
  return tree?.querySelector<HTMLElement>(`[data-key="${CSS.escape(own)}"]`) ?? null;
}

function handle(pressed: string, keys: { readonly [name: string]: () => void }): boolean {
  const known = Object.prototype.hasOwnProperty.call(keys, pressed);
  if (known) {
    keys[pressed]();
  }
  return known;
}

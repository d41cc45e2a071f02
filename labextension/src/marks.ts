/** Marks in editors: underline, sign in the gutter, tooltip with actions. */

import type { Action, Diagnostic } from '@codemirror/lint';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { Compartment } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { ViewPlugin } from '@codemirror/view';
import type { ICellModel } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ISpan } from './places';
import { shownSpan, spanOf, visible } from './places';
import { severityName } from './words';
import type { IFindings, ILocated } from './tokens';
import type { Severity } from './wire';

const LEVELS: { readonly [level in Severity]: Diagnostic['severity'] } = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'hint'
};

/** What a mark's tooltip offers. */
export interface IMarkActions {
  /** Labels and what they do, for one finding. */
  actions(located: ILocated): { name: string; run: () => void }[];
  explain(located: ILocated): void;
}

/** What the marks need. */
export interface IMarkOptions {
  findings: IFindings;
  shows: (located: ILocated) => boolean;
  enabled: () => boolean;
  actions: IMarkActions;
  trans: TranslationBundle;
}

/** The editor extension for the editor of one cell. */
export function marks(cell: ICellModel, options: IMarkOptions): Extension {
  const gutter = new Compartment();
  const plugin = ViewPlugin.define(view => new Marks(view, cell, gutter, options));
  return [gutter.of([]), plugin];
}

/** Draws when findings change; while text is edited the editor itself carries the marks along. */
class Marks {
  constructor(
    private _view: EditorView,
    private _cell: ICellModel,
    private _gutter: Compartment,
    private _options: IMarkOptions
  ) {
    this._watch = _options.findings.observe(_cell, () => this._draw());
    // An editor may not be changed while it is being made.
    queueMicrotask(() => this._draw());
  }

  destroy(): void {
    this._destroyed = true;
    this._watch.dispose();
  }

  private _draw(): void {
    if (this._destroyed) {
      return;
    }
    const found = this._diagnostics();
    if (!found.length && !this._drawn) {
      return;
    }
    const { state } = this._view;
    this._view.dispatch(setDiagnostics(state, found), {
      effects: this._gutter.reconfigure(found.length ? lintGutter() : [])
    });
    this._drawn = found.length > 0;
  }

  private _diagnostics(): Diagnostic[] {
    const { findings, shows, enabled } = this._options;
    if (!enabled()) {
      return [];
    }
    const owner = findings.owner(this._cell);
    const source = this._cell.sharedModel.getSource();
    const length = this._view.state.doc.length;
    return (owner?.of(this._cell) ?? [])
      .filter(located => located.finding.location.type === 'cell' && shows(located))
      .map(located => this._diagnostic(located, source, length));
  }

  private _diagnostic(located: ILocated, source: string, length: number): Diagnostic {
    const { finding } = located;
    const span = seen(source, spanOf(source, finding.location));
    const { from, to } = shownSpan(source, span);
    const level = finding.suppression ? 'suppressed' : finding.severity;
    return {
      from: Math.min(from, length),
      to: Math.min(Math.max(to, from), length),
      severity: finding.suppression ? 'hint' : LEVELS[finding.severity],
      source: finding.rule,
      message: visible(finding.message),
      markClass: `llmsec-mark llmsec-mark-${level}`,
      renderMessage: () => this._tooltip(located),
      actions: this._actions(located)
    };
  }

  private _actions(located: ILocated): Action[] {
    return this._options.actions
      .actions(located)
      .map(({ name, run }) => ({ name, apply: () => run() }));
  }

  /** Built node by node: what a notebook says is text here, never markup. */
  private _tooltip(located: ILocated): HTMLElement {
    const { findings, actions, trans } = this._options;
    const { finding } = located;
    const rule = findings.rules.get(finding.rule);
    const node = element('div', 'llmsec-tooltip');
    const head = element('div', 'llmsec-tooltip-head', node);
    const level = severityName(finding.severity, trans);
    element('span', `llmsec-level llmsec-level-${finding.severity}`, head).textContent = level;
    element('code', '', head).textContent = finding.rule;
    element('strong', '', head).textContent = visible(finding.message);
    if (finding.evidence.masked) {
      element('code', 'llmsec-evidence', head).textContent = visible(finding.evidence.masked);
    }
    if (rule) {
      element('p', '', node).textContent = rule.why;
      const fix = element('p', '', node);
      element('b', '', fix).textContent = trans.__('Fix: ');
      fix.append(rule.remediation);
      const more = element('a', 'llmsec-explain', node) as HTMLAnchorElement;
      more.href = '#';
      more.textContent = trans.__('Explain %1', finding.rule);
      more.onclick = event => {
        event.preventDefault();
        actions.explain(located);
      };
    }
    return node;
  }

  private _watch: IDisposable;
  private _drawn = false;
  private _destroyed = false;
}

/** A span that people can see: characters without a shape are marked with their neighbours. */
function seen(source: string, { from, to }: ISpan): ISpan {
  if (!/^[\p{Cc}\p{Cf}\p{Mn}]*$/u.test(source.slice(from, to))) {
    return { from, to };
  }
  const before = /[^\n]$/u.exec(source.slice(Math.max(0, from - 2), from))?.[0] ?? '';
  const after = /^[^\n]/u.exec(source.slice(to, to + 2))?.[0] ?? '';
  return { from: from - before.length, to: to + after.length };
}

function element(tag: string, className: string, parent?: HTMLElement): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  parent?.append(node);
  return node;
}

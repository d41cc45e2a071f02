/** Commands: for the palette, menus, toolbar and shortcuts. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { CodeCell } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Actions } from './actions';
import { shieldIcon } from './icons';
import { isInOutput } from './repair';
import type { IFindings, INotebookFindings } from './tokens';

export const CommandIDs = {
  showPanel: 'llmsec-nb:show-panel',
  scan: 'llmsec-nb:scan',
  next: 'llmsec-nb:next-finding',
  previous: 'llmsec-nb:previous-finding',
  fixAllSafe: 'llmsec-nb:fix-all-safe',
  maskOutputs: 'llmsec-nb:mask-outputs',
  exportReport: 'llmsec-nb:export-report'
} as const;

const NO_ARGUMENTS = { type: 'object', properties: {} };

/** What the commands need. */
export interface ICommandOptions {
  app: JupyterFrontEnd;
  findings: IFindings;
  actions: Actions;
  showPanel: () => void;
  trans: TranslationBundle;
}

export function addCommands(options: ICommandOptions, palette: ICommandPalette | null): void {
  const { app, findings, actions, trans } = options;
  const onNotebook = (
    id: string,
    label: string,
    run: (notebook: INotebookFindings, args: ReadonlyPartialJSONObject) => Promise<void>,
    describedBy: { args: ReadonlyJSONObject } = { args: NO_ARGUMENTS }
  ) => {
    app.commands.addCommand(id, {
      label,
      describedBy,
      isEnabled: () => findings.current !== null,
      execute: async args => {
        if (findings.current) {
          await run(findings.current, args);
        }
      }
    });
  };

  app.commands.addCommand(CommandIDs.showPanel, {
    label: trans.__('Show Security Findings'),
    caption: trans.__('Show the security findings of this notebook'),
    icon: shieldIcon,
    describedBy: { args: NO_ARGUMENTS },
    execute: () => options.showPanel()
  });
  onNotebook(CommandIDs.scan, trans.__('Scan Notebook for Security Findings'), notebook =>
    notebook.rescan()
  );
  onNotebook(CommandIDs.next, trans.__('Go to Next Security Finding'), notebook =>
    actions.step(notebook, 1)
  );
  onNotebook(CommandIDs.previous, trans.__('Go to Previous Security Finding'), notebook =>
    actions.step(notebook, -1)
  );
  onNotebook(CommandIDs.fixAllSafe, trans.__('Apply All Safe Security Fixes'), notebook =>
    actions.fixAllSafe(notebook)
  );
  onNotebook(
    CommandIDs.exportReport,
    trans.__('Export Security Report…'),
    (notebook, { format }) =>
      typeof format === 'string'
        ? actions.exportReport(notebook, format)
        : actions.askAndExport(notebook),
    {
      args: {
        type: 'object',
        properties: {
          format: {
            type: 'string',
            description: trans.__('html, json, sarif or text; asked for when it is left out')
          }
        }
      }
    }
  );
  app.commands.addCommand(CommandIDs.maskOutputs, {
    label: trans.__('Mask Security Findings in Output'),
    describedBy: { args: NO_ARGUMENTS },
    isEnabled: () => leakingCell(findings) !== null,
    execute: async () => {
      const cell = leakingCell(findings);
      if (cell && findings.current) {
        await actions.maskOutputs(findings.current, cell.model);
      }
    }
  });
  const category = trans.__('Notebook Security');
  for (const command of Object.values(CommandIDs)) {
    palette?.addItem({ command, category });
  }
}

/** The active cell, if its outputs have findings. */
function leakingCell(findings: IFindings): CodeCell | null {
  const notebook = findings.current;
  const cell = notebook?.panel.content.activeCell;
  const leaks = cell instanceof CodeCell && notebook?.of(cell.model).some(isInOutput);
  return leaks ? cell : null;
}

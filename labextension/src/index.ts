/** The plugins: each wires one face of the findings into the application. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { ICellModel } from '@jupyterlab/cells';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Actions } from './actions';
import { Badges } from './badges';
import { ServerScanner } from './client';
import { addCommands } from './commands';
import { Guard } from './guard';
import { FindingsHub } from './hub';
import { marks } from './marks';
import { FindingsPanel } from './panel/widget';
import { fixOf } from './repair';
import { Settings } from './settings';
import { StatusItem } from './status';
import type { ILocated, INotebookFindings } from './tokens';
import { DOMAIN, IFindings } from './tokens';

const PLUGIN = 'llmsec-nb:plugin';

const plugin: JupyterFrontEndPlugin<IFindings> = {
  id: PLUGIN,
  description: 'Live security findings of open notebooks: panel, marks, badges, commands.',
  autoStart: true,
  provides: IFindings,
  requires: [INotebookTracker, IEditorExtensionRegistry],
  optional: [
    ISettingRegistry,
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IStatusBar,
    ILabShell
  ],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    editors: IEditorExtensionRegistry,
    registry: ISettingRegistry | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    statusBar: IStatusBar | null,
    labShell: ILabShell | null
  ): IFindings => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const settings = new Settings();
    const server = new ServerScanner(app.serviceManager.serverSettings);
    const hub = new FindingsHub(tracker, server, settings);
    const actions = new Actions(app, server, settings, trans);
    const panel = new FindingsPanel({
      findings: hub,
      settings,
      actions,
      trans,
      notice: () => hub.notice(trans)
    });
    app.shell.add(panel, 'right', { rank: 850 });
    restorer?.add(panel, panel.id);
    const showPanel = () => {
      if (labShell) {
        labShell.activateById(panel.id);
      } else {
        app.shell.activateById(panel.id);
      }
    };
    actions.explained.connect(showPanel);
    addCommands({ app, findings: hub, actions, showPanel, trans }, palette);

    const shows = (located: ILocated) => settings.shows(located);
    const offers = (located: ILocated) => {
      const notebook = located.cell && hub.owner(located.cell);
      return notebook ? offered(notebook, located) : [];
    };
    const offered = (notebook: INotebookFindings, located: ILocated) => {
      const { finding } = located;
      const repairs = (finding.fixes ?? []).filter(({ kind }) => kind !== 'ignore');
      return [
        ...repairs.map(({ kind, description }) => ({
          name: description,
          run: () => void actions.apply(notebook, located, kind)
        })),
        ...(fixOf(finding, 'ignore') && !finding.suppression
          ? [
              {
                name: trans.__('Ignore here…'),
                run: () => void actions.ignoreHere(notebook, located)
              },
              {
                name: trans.__('Ignore rule in project…'),
                run: () => void actions.ignoreRule(notebook, finding)
              }
            ]
          : [])
      ];
    };
    editors.addExtension({
      name: PLUGIN,
      factory: ({ model }) =>
        EditorExtensionRegistry.createImmutableExtension(
          marks(model as unknown as ICellModel, {
            findings: hub,
            shows,
            enabled: () => settings.values.inlineMarks,
            actions: { actions: offers, explain: located => actions.explain(located) },
            trans
          })
        )
    });

    const guard = new Guard(app, actions, settings, trans);
    const watch = (notebook: INotebookFindings) => {
      guard.watch(notebook);
      const badges = new Badges(notebook, {
        findings: hub,
        shows,
        enabled: () => settings.values.outputBadges,
        mask: (owner, cell) => void actions.maskOutputs(owner, cell.model),
        explain: located => actions.explain(located),
        trans
      });
      notebook.panel.disposed.connect(() => badges.dispose());
    };
    tracker.forEach(open => {
      const notebook = hub.get(open);
      if (notebook) {
        watch(notebook);
      }
    });
    hub.added.connect((_, notebook) => watch(notebook));

    if (statusBar) {
      const item = new StatusItem(hub, settings, showPanel, trans);
      statusBar.registerStatusItem(PLUGIN, {
        item,
        align: 'right',
        rank: 90,
        isActive: () => item.hasNotebook,
        activeStateChanged: item.activeChanged
      });
    }

    settings.changed.connect(() => hub.refresh());
    void registry
      ?.load(PLUGIN)
      .then(source => settings.follow(source))
      .catch((error: unknown) => console.error(`${PLUGIN}: the settings could not be read`, error));
    return hub;
  }
};

export default plugin;

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { ILocated } from './tokens';
import { SEVERITIES } from './tokens';
import type { Family, Severity } from './wire';

/** What to do on save and download while critical findings are open. */
export type BeforeLeaving = 'notify' | 'ask' | 'off';

/** The settings as people set them; see `schema/plugin.json`. */
export interface IValues {
  readonly quietPeriod: number;
  readonly severities: readonly Severity[];
  readonly hiddenFamilies: readonly Family[];
  readonly inlineMarks: boolean;
  readonly outputBadges: boolean;
  readonly showSuppressed: boolean;
  readonly beforeLeaving: BeforeLeaving;
}

export const DEFAULTS: IValues = {
  quietPeriod: 300,
  severities: SEVERITIES,
  hiddenFamilies: [],
  inlineMarks: true,
  outputBadges: true,
  showSuppressed: false,
  beforeLeaving: 'notify'
};

/** The settings in force; they are applied as soon as they change. */
export class Settings {
  get values(): IValues {
    return this._values;
  }

  get changed(): ISignal<this, IValues> {
    return this._changed;
  }

  /** Follow a plugin's settings. */
  follow(source: ISettingRegistry.ISettings): void {
    this._read(source);
    source.changed.connect(this._read, this);
  }

  /** Whether the settings show a finding. */
  shows({ finding }: ILocated): boolean {
    const { severities, hiddenFamilies, showSuppressed } = this._values;
    return (
      severities.includes(finding.severity) &&
      !hiddenFamilies.includes(finding.family) &&
      (showSuppressed || !finding.suppression)
    );
  }

  private _read(source: ISettingRegistry.ISettings): void {
    this._values = { ...DEFAULTS, ...(source.composite as Partial<IValues>) };
    this._changed.emit(this._values);
  }

  private _values = DEFAULTS;
  private _changed = new Signal<this, IValues>(this);
}

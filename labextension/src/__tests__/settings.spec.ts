// @vitest-environment node
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { IValues } from '../settings';
import { DEFAULTS, Settings } from '../settings';
import { SEVERITIES } from '../tokens';
import type { Family } from '../wire';
import { familyName, placeName, severityName } from '../words';
import { located, trans } from './fixtures';

interface IProperty {
  default: unknown;
  items?: { oneOf: { const: string; title: string }[] };
}

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'schema', 'plugin.json'), 'utf8')
) as { properties: { [name: string]: IProperty } };

class FakeSource {
  constructor(public composite: Partial<IValues>) {}

  readonly changed = new Signal<this, void>(this);

  get settings(): ISettingRegistry.ISettings {
    return this as unknown as ISettingRegistry.ISettings;
  }
}

function set(values: Partial<IValues>): Settings {
  const settings = new Settings();
  settings.follow(new FakeSource(values).settings);
  return settings;
}

describe('Settings', () => {
  it('have the defaults of the schema', () => {
    const defaults = Object.entries(schema.properties).map(([name, each]) => [name, each.default]);
    expect(Object.fromEntries(defaults)).toEqual(DEFAULTS);
    expect(new Settings().values).toEqual(DEFAULTS);
  });

  it('offer what there is, in the words of the panel', () => {
    const offered = (name: string) =>
      schema.properties[name].items?.oneOf.map(({ const: value, title }) => [value, title]) ?? [];
    expect(offered('severities')).toEqual(
      SEVERITIES.map(severity => [severity, severityName(severity, trans)])
    );
    expect(offered('hiddenFamilies')).toEqual(
      offered('hiddenFamilies').map(([family]) => [family, familyName(family as Family, trans)])
    );
    expect(offered('hiddenFamilies')).toHaveLength(9);
  });

  it('are in force as soon as they change', () => {
    const source = new FakeSource({ quietPeriod: 5 });
    const settings = new Settings();
    const changed = vi.fn<(_: Settings, values: IValues) => void>();
    settings.changed.connect(changed);
    settings.follow(source.settings);
    expect(settings.values).toEqual({ ...DEFAULTS, quietPeriod: 5 });
    source.composite = { inlineMarks: false };
    source.changed.emit();
    expect(settings.values).toEqual({ ...DEFAULTS, inlineMarks: false });
    expect(changed.mock.calls.map(([, values]) => values.quietPeriod)).toEqual([5, 300]);
  });

  it('hide severities, families and what is suppressed', () => {
    const suppressed = located({ suppression: { kind: 'tag' } });
    expect(set({}).shows(located())).toBe(true);
    expect(set({ severities: ['critical'] }).shows(located({ severity: 'high' }))).toBe(false);
    expect(set({ hiddenFamilies: ['pii'] }).shows(located({ family: 'pii' }))).toBe(false);
    expect(set({}).shows(suppressed)).toBe(false);
    expect(set({ showSuppressed: true }).shows(suppressed)).toBe(true);
  });
});

describe('placeName', () => {
  const span = { line: 2, column: 0, end_line: 2, end_column: 1 };

  it('counts from one', () => {
    expect(placeName({ type: 'cell', ...span }, trans)).toBe('line 3');
    expect(placeName({ type: 'output', output: 0, mime: 'm', ...span }, trans)).toBe('output 1');
  });

  it('names a column and its table, spelled out', () => {
    const place = { type: 'column' as const, ...span, column_name: 'mail\u202e' };
    expect(placeName({ ...place, path: 'df' }, trans)).toBe('column `mail<U+202E>` of `df`');
    expect(placeName(place, trans)).toBe('column `mail<U+202E>`');
  });

  it.each(['attachment', 'metadata', 'file'] as const)('names %s', type => {
    const place = { type, mime: 'm', column_name: 'c', ...span };
    expect(placeName(place, trans)).toBe(type);
  });
});

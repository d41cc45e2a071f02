import { LabIcon } from '@jupyterlab/ui-components';
import type { Family } from './wire';

function icon(name: string, path: string): LabIcon {
  const svgstr =
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">' +
    `<path class="jp-icon3 jp-icon-selectable" fill="#616161" fill-rule="evenodd" d="${path}"/></svg>`;
  return new LabIcon({ name: `llmsec-nb:${name}`, svgstr });
}

/** The sign of the extension. */
export const shieldIcon = icon(
  'shield',
  'M8 1 2.5 3v4.5c0 3.4 2.3 6.2 5.5 7.5 3.2-1.3 5.5-4.1 5.5-7.5V3L8 1zm0 1.6 4 1.45V7.5c0 2.6-1.65 ' +
    '4.75-4 5.85-2.35-1.1-4-3.25-4-5.85V4.05L8 2.6zM7.3 5h1.4v3.6H7.3V5zm0 4.6h1.4V11H7.3V9.6z'
);

const FAMILIES: { readonly [family in Family]: LabIcon } = {
  secret: icon(
    'secret',
    'M5 5a3.5 3.5 0 1 0 3.3 4.7H10V12h2V9.7h2V7.3H8.3A3.5 3.5 0 0 0 5 5zm0 2a1.5 1.5 0 1 1 0 3 1.5 ' +
      '1.5 0 0 1 0-3z'
  ),
  pii: icon('pii', 'M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm0 7c3.3 0 6 1.8 6 4v1H2v-1c0-2.2 2.7-4 6-4z'),
  poison: icon(
    'poison',
    'M6 1h4v1.5H9.5v3.7L13 13a1.4 1.4 0 0 1-1.2 2H4.2A1.4 1.4 0 0 1 3 13l3.5-6.8V2.5H6V1zm1.9 5.6L6 ' +
      '10.5h4L8.1 6.6z'
  ),
  prompt: icon('prompt', 'M2 3h12v8H8l-4 3v-3H2V3zm1.5 1.5v5h9v-5h-9z'),
  dependency: icon(
    'dependency',
    'M8 1.5 14 4.5v7L8 14.5 2 11.5v-7l6-3zm0 1.7L4.4 5 8 6.8 11.6 5 8 3.2zM3.5 6.2v4.4l3.75 1.9V8.1L' +
      '3.5 6.2zm9 0L8.75 8.1v4.4l3.75-1.9V6.2z'
  ),
  model: icon(
    'model',
    'M8 1.5a2 2 0 0 1 .75 3.85v1.4l2.3 1.3a2 2 0 1 1-.7 1.3L8 8 5.65 9.35a2 2 0 1 1-.7-1.3l2.3-1.3v' +
      '-1.4A2 2 0 0 1 8 1.5z'
  ),
  code: icon(
    'code',
    'M5.5 4 1.5 8l4 4 1.05-1.05L3.6 8l2.95-2.95L5.5 4zm5 0L9.45 5.05 12.4 8l-2.95 2.95L10.5 12l4-4-4' +
      '-4z'
  ),
  infra: icon(
    'infra',
    'M2 3h12v4H2V3zm1.5 1.3v1.4H5V4.3H3.5zM2 9h12v4H2V9zm1.5 1.3v1.4H5v-1.4H3.5z'
  ),
  hygiene: icon(
    'hygiene',
    'M9.5 1.5h1.5v5h1.5L14 14H4l1.5-7.5h4v-5zM7 8l-1 4.5h1.4L8 9.5l.6 3h1.3l.6-3 .6 3h1.2L11.4 8H7z'
  )
};

export function familyIcon(family: Family): LabIcon {
  return FAMILIES[family];
}

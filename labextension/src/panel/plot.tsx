/** Purity of words against the number of rows that hold them: triggers stand apart. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { visible } from '../places';
import type { Point } from '../wire';
import { percent } from '../words';

const WIDTH = 320;
const HEIGHT = 180;
const EDGE = { left: 44, right: 10, top: 8, bottom: 30 };
/** Triggers whose name stands beside their point. */
const NAMED = 8;
const LINE = 12;

interface IProps {
  points: readonly Point[];
  alerts: ReadonlySet<string>;
  trans: TranslationBundle;
}

export function PurityPlot({ points, alerts, trans }: IProps): React.JSX.Element | null {
  if (!points.length) {
    return null;
  }
  const most = Math.max(10, ...points.map(({ count }) => count));
  const x = (count: number) =>
    EDGE.left +
    (Math.log10(Math.max(1, count)) / Math.log10(most)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (purity: number) => HEIGHT - EDGE.bottom - purity * (HEIGHT - EDGE.top - EDGE.bottom);
  const isTrigger = ({ alert }: Point) => Boolean(alert && alerts.has(alert));
  const ordered = [...points.filter(point => !isTrigger(point)), ...points.filter(isTrigger)];
  const label = trans.__('Purity of words against the number of rows that hold them');
  return (
    <svg className="llmsec-plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path
        className="llmsec-axis"
        d={`M${EDGE.left} ${EDGE.top}V${HEIGHT - EDGE.bottom}H${WIDTH - EDGE.right}`}
      />
      {[0, 0.5, 1].map(share => (
        <text key={share} x={EDGE.left - 4} y={y(share) + 4} textAnchor="end">
          {percent(share)}
        </text>
      ))}
      {Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, power) => (
        <text key={power} x={x(10 ** power)} y={HEIGHT - EDGE.bottom + 13} textAnchor="middle">
          {(10 ** power).toLocaleString('en')}
        </text>
      ))}
      <text x={WIDTH / 2} y={HEIGHT - 4} textAnchor="middle">
        {trans.__('rows with the word')}
      </text>
      {ordered.map((point, at) => (
        <circle
          key={at}
          className={isTrigger(point) ? 'llmsec-trigger' : 'llmsec-word'}
          cx={x(point.count)}
          cy={y(point.purity)}
          r={isTrigger(point) ? 4 : 2}
        >
          <title>
            {trans.__('%1: %2 rows, %3', visible(point.text), point.count, percent(point.purity))}
          </title>
        </circle>
      ))}
      {namesOf(ordered.filter(isTrigger).slice(0, NAMED), x, y)}
    </svg>
  );
}

/** Names beside their points, each on a line of its own. */
function namesOf(
  points: readonly Point[],
  x: (count: number) => number,
  y: (purity: number) => number
): React.JSX.Element[] {
  const taken: number[] = [];
  return points.map((point, at) => {
    let line = Math.max(y(point.purity) + 4, EDGE.top + 8);
    while (taken.some(other => Math.abs(other - line) < LINE)) {
      line += LINE;
    }
    taken.push(line);
    const place = x(point.count);
    const isRight = place > WIDTH * 0.6;
    return (
      <text
        key={at}
        className="llmsec-trigger"
        x={isRight ? place - 7 : place + 7}
        y={line}
        textAnchor={isRight ? 'end' : 'start'}
      >
        {visible(`${point.alert ?? ''} ${point.text}`).slice(0, 28)}
      </text>
    );
  });
}

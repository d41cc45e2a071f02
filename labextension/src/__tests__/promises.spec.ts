// @vitest-environment node
/** What holds for every source file: no markup is made of strings, no colour is our own. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const MARKUP =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc|createContextualFragment|DOMParser|eval)\b|document\s*\.\s*write|new Function\b/;

const COLOURED =
  /^(?:color|fill|stroke|outline|background|border|box-shadow|text-shadow|text-decoration|caret-color|accent-color|column-rule)(?:-|$)|^--/;
/** Words that such properties may hold and that are no colours. */
const HARMLESS = new Set(
  `none inherit initial unset transparent currentcolor inset solid dotted dashed wavy underline
  line-through`.split(/\s+/)
);

interface IDeclaration {
  name: string;
  value: string;
}

function declarations(css: string): IDeclaration[] {
  const plain = css.replace(/\/\*[^]*?\*\//g, '');
  return [...plain.matchAll(/\{([^{}]*)\}/g)]
    .flatMap(([, body]) => body.split(';'))
    .map(line => line.split(/:(.*)/s))
    .filter(([name, value]) => name.trim() && value)
    .map(([name, value]) => ({ name: name.trim(), value: value.trim() }));
}

/** The words of a value of a colour that may name a colour of our own. */
function ownColours({ name, value }: IDeclaration): string[] {
  const rest = value.replace(/var\(\s*--(?:jp|llmsec)-[\w-]+\s*(?=[,)])/g, ' ');
  const literal = rest.match(
    /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(/gi
  );
  const words = COLOURED.test(name) ? (rest.match(/(?<![\w.#-])[a-z][\w-]*/gi) ?? []) : [];
  return [...(literal ?? []), ...words.filter(word => !HARMLESS.has(word.toLowerCase()))];
}

const css = readFileSync(join(ROOT, 'style', 'base.css'), 'utf8');

describe('the sources', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    name => /\.tsx?$/.test(name) && !name.includes('__tests__')
  );

  it('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['marks.ts', join('panel', 'detail.tsx')]));
  });

  it.each(files)('%s makes no markup of strings', name => {
    const lines = readFileSync(join(ROOT, 'src', name), 'utf8').split('\n');
    expect(lines.filter(line => MARKUP.test(line))).toEqual([]);
  });

  it.each([
    'node.innerHTML = text',
    'node["outerHTML"]',
    'node.insertAdjacentHTML("beforeend", text)',
    '<p dangerouslySetInnerHTML={{ __html: text }} />',
    'document.write(text)',
    'new DOMParser()'
  ])('would be caught at %s', line => {
    expect(MARKUP.test(line)).toBe(true);
  });
});

describe('the style', () => {
  it('takes every colour from the theme', () => {
    const found = declarations(css);
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(each => ownColours(each).length)).toEqual([]);
  });

  it('defines its own variables by those of the theme', () => {
    const own = declarations(css).filter(({ name }) => name.startsWith('--'));
    expect(own.length).toBeGreaterThan(0);
    for (const { name, value } of own) {
      expect([name, value]).toEqual([
        expect.stringMatching(/^--llmsec-/),
        expect.stringMatching(/^var\(--jp-[\w-]+\)$/)
      ]);
    }
  });

  it('uses no variables of others', () => {
    const used = [...css.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name);
    expect(used.filter(name => !/^--(?:jp|llmsec)-/.test(name))).toEqual([]);
  });

  it.each([
    ['color', '#fff'],
    ['color', 'RED'],
    ['border', '1px solid rebeccapurple'],
    ['background', 'rgb(1 2 3)'],
    ['border-left-color', 'var(--jp-warn-color1, orange)'],
    ['box-shadow', 'inset 0 -2px hsl(0, 0%, 0%)'],
    ['--llmsec-level', 'crimson'],
    ['margin', 'calc(#abc)']
  ])('would be caught at %s: %s', (name, value) => {
    expect(ownColours({ name, value })).not.toEqual([]);
  });
});

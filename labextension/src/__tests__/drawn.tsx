/** Draws components into the page and presses keys, as people do. */

import type React from 'react';
import { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { afterEach } from 'vitest';

const roots: Root[] = [];

afterEach(() => {
  act(() => roots.splice(0).forEach(root => root.unmount()));
});

/** Draw an element; the function that is returned with the node draws another in its place. */
export function draw(element: React.ReactElement): {
  node: HTMLElement;
  again: (element: React.ReactElement) => void;
} {
  const node = document.createElement('div');
  document.body.append(node);
  const root = createRoot(node);
  roots.push(root);
  const again = (next: React.ReactElement) => {
    act(() => {
      root.render(next);
    });
  };
  again(element);
  return { node, again };
}

export function click(node: Element | null | undefined): void {
  if (!node) {
    throw new Error('there is nothing to click');
  }
  act(() => {
    node.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  });
}

export function focus(node: HTMLElement): void {
  act(() => node.focus());
}

/** Press a key where the focus is; returns whether somebody took it. */
export function press(key: string, modifiers: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', {
    key,
    bubbles: true,
    cancelable: true,
    ...modifiers
  });
  act(() => void document.activeElement?.dispatchEvent(event));
  return event.defaultPrevented;
}

/** Put a value into a field, past React's own notes of what it holds. */
export function enter(field: HTMLInputElement | HTMLSelectElement, value: string): void {
  const type = field instanceof HTMLInputElement ? HTMLInputElement : HTMLSelectElement;
  const setter = Object.getOwnPropertyDescriptor(type.prototype, 'value')?.set;
  const kind = field instanceof HTMLInputElement ? 'input' : 'change';
  act(() => {
    setter?.call(field, value);
    field.dispatchEvent(new Event(kind, { bubbles: true }));
  });
}

export function all<T extends Element = HTMLElement>(node: Element, selector: string): T[] {
  return Array.from(node.querySelectorAll<T>(selector));
}

export function texts(node: Element, selector: string): string[] {
  return all(node, selector).map(found => found.textContent ?? '');
}

/** A button by its words. */
export function button(node: Element, words: string): HTMLButtonElement {
  const found = all<HTMLButtonElement>(node, 'button').find(
    candidate => candidate.textContent === words
  );
  if (!found) {
    throw new Error(`no button says ${words}`);
  }
  return found;
}

/** What would run, load or look like something else if it became markup. */
export const HOSTILE =
  '<img src=x onerror="alert(1)"><script>alert(2)</script><a href="javascript:alert(3)">x</a>&lt;b&gt;';

import { expect } from '@jest/globals';
import type { Visitor } from './visitor.js';

/** What strangers type to make a page do what they want. */
export const attacks = [
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  'https://example.org/"onmouseover="alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
];

/** Nothing of what was typed became an element, an attribute or a script. (A dialog would be a fault of the page, told after the test.) */
export async function isHarmless(visitor: Visitor): Promise<void> {
  const strange = await visitor.page.evaluate<string[]>(
    `[...document.querySelectorAll('body *')].filter((element) => element.matches('script:not([src^="/assets/"]), iframe, object, embed, img:not([src^="/"]), [src^="javascript:"], [href^="javascript:"], body svg[onload]') || [...element.attributes].some(({ name }) => name.startsWith('on'))).map((element) => element.outerHTML)`,
  );
  expect(strange).toEqual([]);
}

import { en } from './en/index.js';

/** Everything that the interface says. A language that lacks one of it does not compile. */
export type Texts = typeof en;

/** Every text of the interface, in the language of this page. Read it when rendering, never at the top of a module: it changes. */
export let t: Texts = en;

/** From now on the interface speaks so. */
export function setTexts(texts: Texts): void {
  t = texts;
}

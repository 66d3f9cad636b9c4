import { caseKey } from '../../common/case-key.js';

/** More names than this in one message are not looked up. */
const mostMentions = 50;

// Linear: one class repeated, bounded, no alternatives. A name follows the beginning or something that is no letter of an address.
const mention = /(?<![\p{L}\p{M}\p{N}_.@-])@([\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{1,31})/gu;

/** The names that a text mentions (`@name`), as `caseKey`; a full stop or hyphen at the end belongs to the sentence. */
export function mentionedNames(content: string): string[] {
  if (!content.includes('@')) return [];
  const names = new Set<string>();
  for (const match of content.matchAll(mention)) {
    const name = match[1]!;
    names.add(caseKey(name));
    const bare = name.replace(/[.-]+$/, '');
    if (bare.length >= 2) names.add(caseKey(bare));
    if (names.size >= mostMentions) break;
  }
  return [...names];
}

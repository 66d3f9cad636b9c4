import { wordsOf } from '../words.js';

export const { count, form, formats, number } = wordsOf<'one' | 'other'>('en');

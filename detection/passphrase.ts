import { isPlaceholder } from './placeholder.ts';

/** Words that labels, fields, examples and other things beside passwords are made of. */
const otherWords = new Set(
  (
    'password passwort passwd pass pwd passphrase secret token key credential credentials auth login logout signin signup ' +
    'test tests testing mock fake dummy stub demo foo bar baz invalid expected correct wrong fixture synthetic sample example your my ' +
    'change changeme enter forgot forgotten reset current new old confirm repeat show hide hint field input label error ' +
    'required missing weak strong short long min max form page link button text placeholder none null default value user ' +
    'username admin account email name file path vault ref local localhost dev'
  ).split(' '),
);

/** Whether a value is made of words and numbers as people make passwords: `word-word-2026`, or four words and more. */
export function isPassphrase(value: string): boolean {
  if (isPlaceholder(value)) return false;
  const parts = value.replace(/[!?.]+$/, '').split(/[-_+]/);
  if (parts.length < 3 || !parts.every((part) => /^(?:\d{1,8}|\p{L}{2,24}\d{0,4})$/u.test(part))) return false;
  const words = parts.filter((part) => /^\p{L}{3,}/u.test(part)).map((word) => word.toLowerCase());
  if (words.length < 2 || words.some((word) => otherWords.has(word.replace(/\d+$/, '')))) return false;
  return words.length >= 4 || /\d/.test(value);
}

import { describe, expect, it } from '@jest/globals';
import { commandThatSets, contextSetting, optionSetting } from '../../settings/declared.ts';

const variable = (more: object = {}) => ({ name: 'KEY', value: 'KEY', key: 'netlify', isShort: false, ...more });
const secret = (more: object = {}) => commandThatSets(variable(more), optionSetting(variable(more), 'secret'), 'true');

describe('the command that sets an option of a declared variable', () => {
  it.each([
    ['with options', {}, "pulumi config set --path 'allincompassing:values.KEY.netlify.secret' true"],
    [
      'in its short form',
      { isShort: true },
      "pulumi config rm --path 'allincompassing:values.KEY.netlify' && pulumi config set --path 'allincompassing:values.KEY.netlify.secret' true",
    ],
    [
      'in its short form, under another name',
      { isShort: true, name: 'OTHER' },
      "pulumi config rm --path 'allincompassing:values.KEY.netlify' && pulumi config set --path 'allincompassing:values.KEY.netlify.as' OTHER && pulumi config set --path 'allincompassing:values.KEY.netlify.secret' true",
    ],
    [
      'in its short form in a list, whose others must not move',
      { isShort: true, name: 'OTHER', key: 'netlify[0]' },
      "In the stack's file, give allincompassing:values.KEY.netlify[0] options: {as: OTHER, secret: true}",
    ],
  ])('%s', (_, more, expected) => {
    expect(secret(more)).toBe(expected);
  });

  it('sets production’s own source on the value itself, whatever its form', () => {
    const short = variable({ isShort: true });
    expect(commandThatSets(short, contextSetting(short, 'production'), 'op://a/b/c')).toBe(
      "pulumi config set --path 'allincompassing:values.KEY.production' op://a/b/c",
    );
    expect(contextSetting(variable(), 'branch:release/1.2')).toBe(
      'allincompassing:values.KEY.netlify.otherContexts["branch:release/1.2"]',
    );
  });
});

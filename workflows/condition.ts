import { Lexer } from '@actions/expressions';
import { TokenType } from '@actions/expressions/lexer';

/** Whether an `if:` holds whatever the jobs ended as that this one needs. A condition that cannot be read does not. */
export function alwaysRuns(condition: unknown): boolean {
  if (typeof condition !== 'string') return false;
  const trimmed = condition.trim();
  const expression = trimmed.startsWith('${{') && trimmed.endsWith('}}') ? trimmed.slice(3, -2) : trimmed;
  try {
    const { tokens } = new Lexer(expression).lex();
    // Joined by "and" it holds no longer than its other half: the job is skipped with that, and so passes.
    if (tokens.some(({ type }) => type === TokenType.AND)) return false;
    return tokens.some(
      ({ type, lexeme }, index) =>
        type === TokenType.IDENTIFIER &&
        tokens[index + 1]?.type === TokenType.LEFT_PAREN &&
        (lexeme === 'always' || (lexeme === 'cancelled' && tokens[index - 1]?.type === TokenType.BANG)),
    );
  } catch {
    return false;
  }
}

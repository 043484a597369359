import { Lexer } from '@actions/expressions';
import { TokenType, type Token } from '@actions/expressions/lexer';

/** What an expression of a workflow reads of one of GitHub's contexts. */
export interface ContextRead {
  readonly context: string;
  /** `undefined`: a name that is worked out when the workflow runs, or the whole context. */
  readonly name: string | undefined;
  /** The expression of a name that is worked out. */
  readonly index?: string;
  /** The expression goes on by `||` with something else. */
  readonly hasOther: boolean;
}

/** The `${{ … }}` of a text. A quoted text may hold `}}`. */
export function expressionsIn(text: string): string[] {
  const found: string[] = [];
  for (let from = text.indexOf('${{'); from !== -1; from = text.indexOf('${{', from)) {
    let [at, quoted] = [from + 3, false];
    while (at < text.length && (quoted || !text.startsWith('}}', at))) {
      if (text[at] === "'") quoted = !quoted;
      at += 1;
    }
    found.push(text.slice(from + 3, at));
    from = at;
  }
  return found;
}

/** What an expression reads of the contexts `secrets`, `vars` and `env`. Nothing of what is no expression. */
export function contextReads(expression: string): ContextRead[] {
  let tokens;
  try {
    ({ tokens } = new Lexer(expression).lex());
  } catch {
    return [];
  }
  return tokens.flatMap((token, index): ContextRead[] => {
    const context = token.lexeme.toLowerCase();
    if (token.type !== TokenType.IDENTIFIER || !['secrets', 'vars', 'env'].includes(context)) return [];
    const before = tokens[index - 1]?.type;
    if (before === TokenType.DOT) return [];
    const [next, named, close] = [tokens[index + 1], tokens[index + 2], tokens[index + 3]];
    const isDotted = next?.type === TokenType.DOT && named?.type === TokenType.IDENTIFIER;
    const isIndexed =
      next?.type === TokenType.LEFT_BRACKET &&
      named?.type === TokenType.STRING &&
      close?.type === TokenType.RIGHT_BRACKET;
    if (next?.type === TokenType.LEFT_BRACKET && !isIndexed) {
      const last = closing(tokens, index + 1);
      const inner = tokens.slice(index + 2, last).map(({ lexeme }) => lexeme);
      return [{ context, name: undefined, index: inner.join(' '), hasOther: tokens[last + 1]?.type === TokenType.OR }];
    }
    const end = tokens[index + (isDotted ? 3 : isIndexed ? 4 : 1)];
    const name = isDotted ? named.lexeme : isIndexed ? textOf(named) : undefined;
    return [{ context, name, hasOther: end?.type === TokenType.OR }];
  });
}

/** Where the bracket at `open` ends. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.type === TokenType.LEFT_BRACKET) depth += 1;
    if (tokens[at]?.type === TokenType.RIGHT_BRACKET) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

function textOf({ value }: { readonly value?: string | number | boolean }): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

import { parse } from 'smol-toml';
import { z } from 'zod';

/** A rule of netlify.toml: what `from` matches is answered by `to`. */
export interface Redirect {
  /** A path; `/*` at its end matches everything below. */
  readonly from: string;
  readonly to: string;
  /** 200 rewrites, 301 and 302 send the browser on, 404 and others answer with the target's content. */
  readonly status: number;
}

const shape = z.object({
  redirects: z.array(z.object({ from: z.string(), to: z.string(), status: z.int().default(301) })).default([]),
});

/** The rules of a netlify.toml's text, in its order. */
export function redirectsIn(text: string): Redirect[] {
  return shape.parse(parse(text)).redirects;
}

/** The first rule that matches the path, with what `*` stood for filled into its target. */
export function redirected(rules: readonly Redirect[], path: string): Redirect | undefined {
  for (const rule of rules) {
    if (!rule.from.endsWith('*')) {
      if (rule.from.replace(/\/$/, '') === path.replace(/\/$/, '')) return rule;
      continue;
    }
    const prefix = rule.from.slice(0, -1);
    if (path.startsWith(prefix) || `${path}/` === prefix) {
      return { ...rule, to: rule.to.replace(':splat', path.slice(prefix.length)) };
    }
  }
  return undefined;
}

import { leavesOf } from './leaves.ts';
import { resourceTypes } from '../../settings/names/resourceTypes.ts';

/** One value of one variable that a resource declares: a Netlify value in a context, a GitHub secret or variable, a secret of Supabase's Edge Functions. */
export interface DeclaredVariable {
  readonly target: 'Netlify' | 'GitHub' | 'Supabase';
  readonly name: string;
  /** Where it applies, spelled as in the stack's configuration: `branch:develop`, `production`; `repository` on GitHub, or the environment there; `Edge Functions`. */
  readonly context: string;
  /** `undefined` while unknown in a preview. */
  readonly value: string | undefined;
  /** Whether the service keeps it as a secret. */
  readonly secret: boolean;
  /** The path of the value in the resource's inputs. */
  readonly path: string;
}

const netlify = resourceTypes.netlifyVariable;
const edgeFunctions = resourceTypes.edgeFunctionSecrets;
const githubSecret = /^github:index\/(?:actions|dependabot|codespaces)(?:Organization|Environment)?Secret:/;
const githubVariable = /^github:index\/actions(?:Organization|Environment)?Variable:/;

/** The variables that a resource declares; none for resources of other types. */
export function variablesOf(type: string, props: unknown): DeclaredVariable[] {
  const leaves = leavesOf(props);
  const at = (path: string) => leaves.find((leaf) => leaf.path === path)?.value;
  if (type === netlify) {
    return leaves.flatMap((leaf) => {
      const entry = /^(values|secretValues)\[\d+\]/.exec(leaf.path);
      if (!entry || leaf.key !== 'value') return [];
      const context = at(`${entry[0]}.context`) ?? '';
      const parameter = at(`${entry[0]}.contextParameter`);
      return [
        {
          target: 'Netlify' as const,
          name: at('key') ?? '',
          context: context === 'branch' ? `branch:${parameter ?? ''}` : context,
          value: leaf.value,
          secret: entry[1] === 'secretValues',
          path: leaf.path,
        },
      ];
    });
  }
  if (type === edgeFunctions) {
    return leaves.flatMap((leaf) => {
      const [entry] = /^secrets\[\d+\]/.exec(leaf.path) ?? [];
      if (entry === undefined || leaf.key !== 'value') return [];
      const name = at(`${entry}.name`) ?? '';
      return [
        {
          target: 'Supabase' as const,
          name,
          context: 'Edge Functions',
          value: leaf.value,
          secret: true,
          path: leaf.path,
        },
      ];
    });
  }
  const secret = githubSecret.test(type);
  if (!secret && !githubVariable.test(type)) return [];
  const value = leaves.find(({ key }) => /^(?:plaintextValue|value)$/.test(key));
  const name = at('secretName') ?? at('variableName') ?? '';
  return [
    {
      target: 'GitHub',
      name,
      context: at('environment') ?? 'repository',
      value: value?.value,
      secret,
      path: value?.path ?? '',
    },
  ];
}

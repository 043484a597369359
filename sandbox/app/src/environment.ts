/** What the build was given: public values only, as everything with this prefix ends in the published bundle. */
interface BuildEnvironment {
  readonly VITE_RUNTIME_ENV?: string;
  readonly VITE_SUPABASE_URL?: string;
  readonly VITE_SUPABASE_ANON_KEY?: string;
}

declare global {
  interface ImportMeta {
    readonly env: BuildEnvironment;
  }
}

function required(name: keyof BuildEnvironment, value: string | undefined): string {
  if (!value) throw new Error(`${name} was empty when this bundle was built`);
  return value;
}

export const runtimeEnv = import.meta.env.VITE_RUNTIME_ENV ?? 'development';
export const supabaseUrl = required('VITE_SUPABASE_URL', import.meta.env.VITE_SUPABASE_URL);
export const supabaseAnonKey = required('VITE_SUPABASE_ANON_KEY', import.meta.env.VITE_SUPABASE_ANON_KEY);

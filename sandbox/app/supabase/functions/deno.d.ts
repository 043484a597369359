/** What Supabase's runtime gives a function, as far as these use it. */
declare const Deno: {
  readonly env: { get(name: string): string | undefined };
  serve(answer: (request: Request) => Response | Promise<Response>): void;
};

// The bundle holds no address and no key: the page asks /api/runtime-config for them.
export default {
  define: {
    'import.meta.env.VITE_SUPABASE_URL': 'undefined',
    'import.meta.env.VITE_SUPABASE_ANON_KEY': 'undefined',
    'import.meta.env.VITE_SUPABASE_EDGE_URL': 'undefined',
  },
  build: { target: 'esnext', sourcemap: false },
};

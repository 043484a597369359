import { createClient } from '@supabase/supabase-js';
import { runtimeConfig } from './runtimeConfig.ts';

const { supabaseUrl, supabaseAnonKey } = await runtimeConfig();

export const supabase = createClient(supabaseUrl, supabaseAnonKey);

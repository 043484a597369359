// Removes the branch whose file was kept.
import { existsSync, readFileSync, rmSync } from 'node:fs';

const file = `.cache/supabase-branches/${(process.argv[2] ?? '').replaceAll('/', '-')}.json`;
if (existsSync(file)) {
  const { id } = JSON.parse(readFileSync(file, 'utf8'));
  await fetch(`https://api.supabase.com/v1/branches/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${process.env.SUPABASE_ACCESS_TOKEN ?? ''}` },
  });
  rmSync(file);
}

// Makes a database branch, prints three lines for the workflow, and keeps them in a file of the branch.
import { mkdirSync, writeFileSync } from 'node:fs';

const name = process.argv[2];
if (!name) throw new Error('usage: branch-create NAME');
const reference = process.env.SUPABASE_PROJECT_REF ?? '';
const answer = await fetch(`https://api.supabase.com/v1/projects/${reference}/branches`, {
  method: 'POST',
  headers: { authorization: `Bearer ${process.env.SUPABASE_ACCESS_TOKEN ?? ''}`, 'content-type': 'application/json' },
  body: JSON.stringify({ branch_name: name }),
});
if (!answer.ok) throw new Error(`Supabase answers ${answer.status}`);
const { id, project_ref: branchReference } = await answer.json();
const url = `https://${branchReference}.supabase.co`;
mkdirSync('.cache/supabase-branches', { recursive: true });
writeFileSync(`.cache/supabase-branches/${name.replaceAll('/', '-')}.json`, JSON.stringify({ id, url, name }));
console.log(`BRANCH_ID=${id}\nBRANCH_URL=${url}\nBRANCH_NAME=${name}`);

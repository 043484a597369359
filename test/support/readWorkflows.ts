// Prints the jobs of workflows as GitHub's own parser reads them; in a process of its own, as jest cannot load that parser.
import { readFileSync } from 'node:fs';
import { readWorkflow } from '../../sandbox/actionsRunner/read.ts';

async function main(): Promise<void> {
  const jobs: Record<string, string[]> = {};
  for (const file of process.argv.slice(2))
    jobs[file] = Object.keys((await readWorkflow(file, readFileSync(file, 'utf8'))).jobs);
  process.stdout.write(JSON.stringify(jobs));
}
void main();

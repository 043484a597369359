/** The commands' package, as the application knows it. */
export const packageName = 'allincompassing-staging-commands';

/** The scripts that the application gets. */
export const scripts: Readonly<Record<string, string>> = {
  'preview:smoke': 'preview-smoke',
  'alert:slack': 'alert-slack',
  'db:branch:create': 'db-branch create',
};

/** The command line that the workflow calls, at the version that this project is tested with. */
export const netlifyCli = { name: 'netlify-cli', version: '27.10.2' } as const;

interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Where package.json deviates. */
export function packageDifferences(text: string, specifier: string): string[] {
  const manifest = JSON.parse(text) as Manifest;
  const differences: string[] = [];
  for (const [name, command] of Object.entries(scripts)) {
    const there = manifest.scripts?.[name];
    // A script of the same command may carry options of the application's own.
    if (there === undefined) differences.push(`package.json: the script ${name} is missing`);
    else if (there !== command && !there.startsWith(`${command} `)) {
      differences.push(`package.json: the script ${name} does not call ${command}`);
    }
  }
  const listed = { ...manifest.dependencies, ...manifest.devDependencies };
  if (listed[packageName] !== specifier) {
    differences.push(`package.json: ${packageName} is ${listed[packageName] ?? 'missing'}, not ${specifier}`);
  }
  if (listed[netlifyCli.name] === undefined) differences.push(`package.json: ${netlifyCli.name} is missing`);
  return differences;
}

function sorted(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => a.localeCompare(b)));
}

/** The text with scripts and dependencies, in the file's own indentation. */
export function withCommands(text: string, specifier: string): string {
  if (packageDifferences(text, specifier).length === 0) return text;
  const manifest = JSON.parse(text) as Manifest;
  manifest.scripts ??= {};
  for (const [name, command] of Object.entries(scripts)) {
    const there = manifest.scripts[name];
    if (there === undefined || (there !== command && !there.startsWith(`${command} `)))
      manifest.scripts[name] = command;
  }
  const added: Record<string, string> = { [packageName]: specifier };
  if ({ ...manifest.dependencies, ...manifest.devDependencies }[netlifyCli.name] === undefined) {
    added[netlifyCli.name] = netlifyCli.version;
  }
  if (manifest.dependencies?.[packageName] !== undefined) {
    const others = Object.entries(manifest.dependencies).filter(([name]) => name !== packageName);
    manifest.dependencies = Object.fromEntries(others);
  }
  manifest.devDependencies = sorted({ ...manifest.devDependencies, ...added });
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return JSON.stringify(manifest, undefined, indent) + (text.endsWith('\n') ? '\n' : '');
}

import { describe, expect, it } from '@jest/globals';
import { readersIn } from './application.ts';

const workflow = (...lines: string[]) => lines.join('\n');

describe('workflows', () => {
  it('read secrets and variables, with the job’s environment and the name that a step gets', async () => {
    const { readers, unknown, definitions } = await readersIn({
      '.github/workflows/ci.yml': workflow(
        'on: push',
        'jobs:',
        '  deploy:',
        '    environment: { name: staging, url: x }',
        "    if: vars.ENABLED == 'true'",
        '    steps:',
        "      - run: echo \"${{ secrets['QUOTED'] }} ${{ format('}}{0}', secrets.TOKEN) }}\"",
        '        env:',
        '          SITE: ${{ secrets.STAGING_SITE }}',
        "          CHANNEL: ${{ vars.CHANNEL || '#x' }} # ${{ secrets.COMMENTED }}",
        '      - run: echo ${{ secrets[matrix.name] }} ${{ steps.secrets.NO }}',
      ),
    });
    expect(
      readers.map(({ name, means, line, environment, handedAs, fallback }) =>
        [name, means, line, environment, handedAs, fallback].filter((part) => part !== undefined).join(' '),
      ),
    ).toEqual([
      'ENABLED vars 5 staging',
      'QUOTED secrets 7 staging',
      'TOKEN secrets 7 staging',
      'STAGING_SITE secrets 9 staging SITE',
      'CHANNEL vars 10 staging CHANNEL default',
    ]);
    expect(unknown.map(({ line }) => line)).toEqual([11]);
    expect(definitions.map(({ name }) => name)).toEqual(['SITE', 'CHANNEL']);
  });

  it('that others call get what those hand over, or everything', async () => {
    const called = (name: string) =>
      workflow(
        'on:',
        '  workflow_call:',
        '    secrets:',
        `      ${name}: { required: true }`,
        'jobs:',
        '  a:',
        '    steps:',
        `      - run: echo \${{ secrets.${name} }}`,
      );
    const { readers } = await readersIn({
      '.github/workflows/handed.yml': called('OWN_NAME'),
      '.github/workflows/inherited.yml': called('INHERITED'),
      '.github/workflows/ci.yml': workflow(
        'on: push',
        'jobs:',
        '  a:',
        '    uses: ./.github/workflows/handed.yml',
        '    secrets:',
        '      OWN_NAME: ${{ secrets.REAL }}',
        '  b:',
        '    uses: ./.github/workflows/inherited.yml',
        '    secrets: inherit',
      ),
    });
    expect(readers.map(({ name }) => name).sort()).toEqual(['INHERITED', 'REAL']);
  });
});

describe('jobs of a matrix', () => {
  it('are of each environment that the matrix lists, and read each name that it makes', async () => {
    const { readers, unknown } = await readersIn({
      '.github/workflows/ci.yml': workflow(
        'on: push',
        'jobs:',
        '  listed:',
        '    strategy:',
        '      matrix: { to: [staging, qa], include: [{ to: production, key: EXTRA }, { key: OTHER }] }',
        '    environment: { name: "${{ matrix.to }}" }',
        '    steps: [{ run: "${{ secrets.A }}" }]',
        '  worked_out:',
        '    strategy: { matrix: { to: "${{ fromJSON(needs.x.outputs.y) }}", one: ["${{ vars.B }}"] } }',
        '    environment: ${{ matrix.to }}',
        '    steps: [{ run: "${{ secrets.C }}" }]',
        '  named:',
        '    strategy: { matrix: { who: [ADMIN, USER] } }',
        '    steps:',
        "      - run: ${{ secrets[matrix.who] || vars[format('D_{0}_E', matrix.who)] }} ${{ secrets[matrix.no] }}",
      ),
    });
    expect(
      readers.map(({ name, means, environment, fallback }) => [name, means, environment, fallback].join(' ').trim()),
    ).toEqual([
      'A secrets staging',
      'A secrets qa',
      'A secrets production',
      'B vars',
      'C secrets',
      'ADMIN secrets  default',
      'USER secrets  default',
      'D_ADMIN_E vars',
      'D_USER_E vars',
    ]);
    expect(unknown.map(({ line, means, whole }) => [line, means, whole])).toEqual([[15, 'secrets', false]]);
  });

  it('hand all secrets on, to where they are not seen', async () => {
    const { unknown } = await readersIn({
      '.github/workflows/ci.yml': workflow(
        'on: push',
        'jobs:',
        '  a:',
        '    steps: [{ run: "${{ toJSON(secrets) }} ${{ toJSON(vars) }} ${{ secrets.* }}" }]',
        '  b:',
        '    uses: other/repository/.github/workflows/x.yml@v1',
        '    secrets: inherit',
      ),
    });
    expect(unknown.map(({ line, means, whole }) => [line, means, whole])).toEqual([
      [4, 'secrets', true],
      [4, 'vars', true],
      [4, 'secrets', true],
      [7, 'secrets', true],
    ]);
  });
});

describe('shell scripts', () => {
  it.each<[string, string, string[]]>([
    [
      'its own default',
      'A=${A:-x}; export B="${B:?}"; C="${C}c"; f() { local D="${D:-x}"; }; echo $A $B $C $D',
      ['A', 'B', 'C', 'D'],
    ],
    ['what it adds to', 'L=""; L="$L x"; N=0; N=$((N + 1)); echo $L $N', []],
    ['names that a command sets', 'f() { local a b=1; declare -a c; typeset d; readonly e=1; echo $a$b$c$d$e; }', []],
    [
      'lines and options',
      'while getopts "ab:" o; do echo $o $OPTARG $OPTIND; done; mapfile -t l <x; readarray m <x; echo $l $m',
      [],
    ],
    ['what is read or printed into it', 'read -r -a p q; printf -v r %s x; echo $p $q $r', []],
    ['numbers', 'for ((i = 0; i < A; i++)); do echo $i $((B * 2)); done; ((n++)); let m=1; echo $n $m', ['A', 'B']],
    [
      'bash’s own',
      'echo ${BASH_SOURCE[0]} $BASH_VERSION $RANDOM $SECONDS $LINENO $UID $FUNCNAME $PPID $IFS $OSTYPE $REPLY',
      [],
    ],
  ])('%s', async (_, script, names) => {
    const { readers } = await readersIn({ 'scripts/a.sh': script });
    expect([...new Set(readers.map(({ name }) => name))]).toEqual(names);
  });
});

describe('settings files', () => {
  it('read by commands, in pages, and in jobs of whatever environment', async () => {
    const { readers, definitions } = await readersIn({
      'package.json': '{}',
      'netlify.toml':
        '[build]\n  command = "curl $A && B=1 node $B"\n  publish = "$NO"\n[context.staging]\n  command = "echo ${C:-x}"\n',
      'index.html': '<a href="%VITE_D%" width="50%">100%NO%</a>\n<b>%VITE_E%</b>\n',
      '.github/workflows/a.yml': workflow(
        'on:',
        '  workflow_call:',
        '    inputs:',
        '      env: { type: string }',
        'jobs:',
        '  a:',
        '    environment: ${{ inputs.env }}',
        '    steps: [{ run: "${{ secrets.F }}" }]',
      ),
    });
    expect(
      readers.map(({ name, place, environment, fallback, file, line }) => ({
        name,
        place,
        environment,
        fallback,
        at: `${file}:${line}`,
      })),
    ).toEqual(
      [
        ['F', 'workflow', undefined, '.github/workflows/a.yml:8'],
        ['VITE_D', 'build', undefined, 'index.html:1'],
        ['VITE_E', 'build', undefined, 'index.html:2'],
        ['A', 'build', undefined, 'netlify.toml:2'],
        ['C', 'build', 'default', 'netlify.toml:5'],
      ].map(([name, place, fallback, at]) => ({ name, place, environment: undefined, fallback, at })),
    );
    expect(definitions).toEqual([]);
  });

  it('define names, and Supabase’s own reads them', async () => {
    const { readers, definitions, problems } = await readersIn({
      'netlify.toml':
        '[build.environment]\n  A = "x"\n[context.staging.environment]\n  B = "x"\n[context.production]\n  environment = { C = "x" }\n',
      '.env.example': '# a comment\nexport D=x\nE="a\nb"\n',
      'supabase/config.toml':
        '[auth.external.apple]\nsecret = "env(F)"\nurls = ["env(G)"]\n[auth]\nexternal2 = { a = { b = ["env(H)"], c = { d = "env(I)" } } }\n',
      'broken/netlify.toml': '[build\n',
      '.github/workflows/broken.yml': 'a: b: c\n',
    });
    expect(definitions.map(({ name, by, context, line }) => [name, by, context, line])).toEqual([
      ['D', 'example', undefined, 2],
      ['E', 'example', undefined, 3],
      ['A', 'netlify.toml', undefined, 2],
      ['B', 'netlify.toml', 'staging', 4],
      ['C', 'netlify.toml', 'production', 6],
    ]);
    expect(readers.map(({ name, means }) => [name, means])).toEqual([
      ['F', 'env()'],
      ['G', 'env()'],
      ['H', 'env()'],
      ['I', 'env()'],
    ]);
    expect(problems.map(({ file }) => file)).toEqual(['.github/workflows/broken.yml', 'broken/netlify.toml']);
  });
});

/**
 * `unit`: unit and command tests, of which a developer runs all (`npm run test:quick`). `story`: whole worlds for minutes.
 * `engine`: the real Pulumi engine on the sandbox.
 */
const common = {
  // Beside the other things that are made here: the folder for temporary files lasts for one run (test/run.ts).
  cacheDirectory: '<rootDir>/dist/.jest',
  testEnvironment: '<rootDir>/test/support/jest/environment.cjs',
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // A generated SDK stands twice on disk, as source and compiled: one of them is enough for jest's module map.
  modulePathIgnorePatterns: [
    '<rootDir>/sdks/[a-z]+/package.json',
    '<rootDir>/dist/',
    '<rootDir>/\\.sandbox/', // what sandboxes make, copies of the twin among it
    '<rootDir>/sandbox/app/package.json', // the twin has the same name in both states
  ],
  moduleNameMapper: {
    '^@electric-sql/pglite$': '<rootDir>/test/support/jest/pglite.cjs',
    // It exports itself to `import` alone, which jest's `require` does not look at.
    '^@actions/expressions$': '<rootDir>/node_modules/@actions/expressions/dist/index.js',
    '^@actions/expressions/(lexer)$': '<rootDir>/node_modules/@actions/expressions/dist/$1.js',
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@netlify/api|node-fetch|fetch-blob|formdata-polyfill|data-uri-to-buffer|picoquery|@octokit|content-type|universal-user-agent|universal-github-app-jwt|before-after-hook|json-with-bigint|toml-eslint-parser|eslint-visitor-keys|@actions|htmlparser2|oxc-parser|unbash|dom[a-z-]*|entities)/)',
  ],
};

const engine = 'test/((security|night|reports)/)?engine/';
/** Deploy jobs with a browser, every fault of every command, sandboxes as processes, builds, and kills at each step. */
const stories = [
  'test/pipeline/',
  'test/faults/(matrix|rotation/)',
  'test/application/(smoke|alerts|branches|killSwitch)',
  'test/sandbox/(command|drill|onepasswordFailures)',
  'test/commands/(deploy/(deploy|rollback|runtimeConfig)|every/(failures|killed|terminal|documents)|previewSmoke/|pipeline/)',
  'test/(launch/quick|night/ending|policies/start|secrets/vault(?=\\.)|toolchain/(go|killed))',
];

export default {
  // No test is about speed: a busy machine may take its time, a hang still ends.
  testTimeout: 60_000,
  // Two workers on two cores: most of a test's time is spent waiting for the processes that it starts.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/jest/shortestFirst.cjs',
  reporters: ['default', '<rootDir>/test/support/jest/runningNow.ts'],
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [engine, ...stories].map((each) => `<rootDir>/${each}`),
    },
    {
      ...common,
      displayName: 'story',
      testRegex: stories.map((each) => `/${each}.*\\.test\\.ts$`),
      testPathIgnorePatterns: [`<rootDir>/${engine}`],
    },
    {
      ...common,
      displayName: 'engine',
      testMatch: ['<rootDir>/test/{engine,security/engine,night/engine,reports/engine}/**/*.test.ts'],
    },
  ],
};

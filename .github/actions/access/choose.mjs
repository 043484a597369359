/**
 * Decides how a job signs in, by its environment's variables and by which secrets it has, and writes that for the steps that do
 * it. It refuses what is set half way, before anything is asked: half a way would pass for none. It gets no secret, only whether
 * there is one.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

const page = 'docs/github_actions.md';
const variables = JSON.parse(process.env.VARIABLES || '{}') ?? {};
const variable = (name) => String(variables[name] ?? '').trim();
const has = (secret) => process.env[`HAS_${secret}`] === 'true';
const both = (one, other) => `${one} and ${other} belong together: set both in this environment, or neither (${page}).`;

/** A line for the page of the run. */
function annotate(kind, text) {
  console.log(`::${kind} title=Access::${text}`);
}

function refuse(text) {
  annotate('error', text);
  process.exit(1);
}

/** What a short-lived way and the token that it replaces mean together. */
function replaced(way, secret, hasSecret) {
  if (way !== '' && hasSecret) annotate('warning', `${secret} is not used any more: delete it from this environment.`);
  if (way === '' && hasSecret)
    annotate('notice', `${secret} stays valid after this run; ${page} has the way without it.`);
}

/** The App, and the one repository that its token is for. */
function github() {
  const app = variable('STAGING_GITHUB_APP');
  if ((app !== '') !== has('GITHUB_APP_KEY'))
    refuse(both('The variable STAGING_GITHUB_APP', 'the secret STAGING_GITHUB_APP_KEY'));
  if (app === '' && !has('GITHUB_TOKEN'))
    refuse(`No access to the application's repository: set STAGING_GITHUB_APP and STAGING_GITHUB_APP_KEY (${page}).`);
  replaced(app, 'The personal token for GitHub', has('GITHUB_TOKEN'));
  const { config } = parse(readFileSync('Pulumi.staging.yaml', 'utf8'));
  return { app, owner: config['github:owner'], repository: config['allincompassing:github'].repository };
}

/** Pulumi Cloud, where the state is there. */
function pulumi() {
  const organization = variable('PULUMI_ORGANIZATION');
  const scope = variable('PULUMI_TOKEN_SCOPE');
  const backend = variable('PULUMI_BACKEND_URL');
  const isCloud = backend === '' || backend.startsWith('https://');
  if (organization === '' && scope !== '') refuse('PULUMI_TOKEN_SCOPE needs PULUMI_ORGANIZATION beside it.');
  if (organization !== '' && !isCloud)
    refuse(
      'PULUMI_ORGANIZATION is Pulumi Cloud’s, and PULUMI_BACKEND_URL names another backend: take one of the two out.',
    );
  const [, kind = ''] = /^(team|user):\S+$/.exec(scope) ?? [];
  if (scope !== '' && kind === '') refuse('PULUMI_TOKEN_SCOPE is team:NAME or user:NAME, or not set.');
  if (isCloud && organization === '' && !has('PULUMI_TOKEN'))
    refuse(
      `No access to Pulumi Cloud: set PULUMI_ORGANIZATION, or PULUMI_BACKEND_URL for a state elsewhere (${page}).`,
    );
  if (isCloud) replaced(organization, 'The token of Pulumi Cloud', has('PULUMI_TOKEN'));
  const type = { '': 'organization', team: 'team', user: 'personal' }[kind];
  return { organization, 'token-type': type, scope, 'cloud-url': isCloud ? backend : '' };
}

/** The cloud that keeps the state, or the key of its secrets. */
function clouds() {
  const aws = { 'aws-role': variable('AWS_ROLE'), 'aws-region': variable('AWS_REGION') };
  const azure = { 'azure-client': variable('AZURE_CLIENT_ID'), 'azure-tenant': variable('AZURE_TENANT_ID') };
  const google = {
    'google-provider': variable('GOOGLE_IDENTITY_PROVIDER'),
    'google-account': variable('GOOGLE_SERVICE_ACCOUNT'),
  };
  if ((aws['aws-role'] === '') !== (aws['aws-region'] === '')) refuse(both('AWS_ROLE', 'AWS_REGION'));
  if ((azure['azure-client'] === '') !== (azure['azure-tenant'] === ''))
    refuse(both('AZURE_CLIENT_ID', 'AZURE_TENANT_ID'));
  if (google['google-provider'] === '' && google['google-account'] !== '')
    refuse('GOOGLE_SERVICE_ACCOUNT needs GOOGLE_IDENTITY_PROVIDER beside it.');
  return { ...aws, ...google, ...azure };
}

const chosen = Object.entries({ ...github(), ...pulumi(), ...clouds() });
for (const [name, value] of chosen)
  if (/[\r\n]/.test(value)) refuse(`What is set for ${name} has a line break: set it anew, as one line.`);
appendFileSync(process.env.GITHUB_OUTPUT, chosen.map(([name, value]) => `${name}=${value}\n`).join(''));

import type { DetectionRule } from '../finding.ts';
import { authorizationHeader } from './authorizationHeader.ts';
import { awsKey, azureKey, firebaseWebKey, googleKey } from './cloudKeys.ts';
import { commandLine } from './commandLine.ts';
import { csvColumn } from './csvColumn.ts';
import { githubToken, gitlabToken, packageRegistryToken } from './codeHosts.ts';
import { connectionUrl } from './connectionUrl.ts';
import { jsonWebToken, supabaseAnonKey, supabaseServiceRoleKey } from './jsonWebToken.ts';
import { modelProviderKey } from './modelProviders.ts';
import { netlifyToken, onePasswordToken, pulumiToken } from './platformTokens.ts';
import { passwordFile } from './passwordFile.ts';
import { privateKey } from './privateKey.ts';
import { sensitiveName } from './sensitiveName.ts';
import { passphrase, uuidUnderName } from './settingLine.ts';
import { supabaseAccessToken, supabasePublishableKey, supabaseSecretKey } from './supabaseKeys.ts';
import { vendorToken } from './vendorTokens.ts';
import { slackSecret, webhookAddress } from './webhooks.ts';

/** Rules that know the shape of a secret, most specific first: where two find the same place, the first one names it. */
export const shapeRules: readonly DetectionRule[] = [
  supabaseServiceRoleKey,
  supabaseAnonKey,
  supabaseSecretKey,
  supabasePublishableKey,
  supabaseAccessToken,
  netlifyToken,
  onePasswordToken,
  pulumiToken,
  githubToken,
  gitlabToken,
  packageRegistryToken,
  slackSecret,
  webhookAddress,
  modelProviderKey,
  firebaseWebKey,
  googleKey,
  azureKey,
  awsKey,
  privateKey,
  vendorToken,
  jsonWebToken,
  connectionUrl,
  authorizationHeader,
  commandLine,
  passwordFile,
];

/** Rules that judge a value by what it is called. */
export const nameRules: readonly DetectionRule[] = [sensitiveName, csvColumn, passphrase, uuidUnderName];

/** What the stand-in remembers, as it is written to disk. */

import type { Protection } from './protection/protectionState.ts';

/** Who may call, and what for. */
export interface Token {
  readonly token: string;
  readonly login: string;
  /** `read` gets 403 on every write. */
  readonly access: 'read' | 'write';
  /** Set for the token of an app's installation, `GITHUB_TOKEN` among them: only apps may create check runs. */
  readonly appId?: number;
  /** Permissions that a fine-grained token can be given and this one was not; none when absent. */
  lacks?: readonly Permission[];
  /** All that an installation's token may do; without a limit when absent. */
  readonly permissions?: Permissions;
  /** The ids of the repositories that it reaches; all when absent. */
  readonly repositories?: readonly number[];
  /** When an installation's token stops working; never when absent. */
  readonly expiresAt?: string;
  /** When it ends, as GitHub writes it in the header of each answer: `2026-12-20 09:00:00 UTC`. Never when absent. */
  endsAt?: string;
  /** Set for an app's own signature, which is no token: the routes of installations take it, and no other does. */
  readonly signedBy?: number;
}

/** A permission of apps and of fine-grained tokens, as GitHub spells it. */
export type Permission =
  | 'actions'
  | 'actions_variables'
  | 'administration'
  | 'checks'
  | 'codespaces_secrets'
  | 'contents'
  | 'dependabot_secrets'
  | 'deployments'
  | 'environments'
  | 'issues'
  | 'metadata'
  | 'secrets';

export type Permissions = Partial<Record<Permission, 'read' | 'write'>>;

interface User {
  readonly id: number;
  readonly login: string;
}

export interface Team {
  readonly id: number;
  readonly slug: string;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  /** What its signatures name and are checked by; an app without them can sign nothing. */
  readonly clientId?: string;
  /** PEM. */
  readonly publicKey?: string;
  readonly installation?: Installation;
}

/** Where an app is installed, and with which rights. */
interface Installation {
  readonly id: number;
  readonly permissions: Permissions;
  /** The ids of the repositories; all of the owner's when absent. */
  readonly repositories?: readonly number[];
}

/** The key pair that secrets of one repository or environment are sealed for; both halves in base64. */
export interface KeyPair {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A secret as kept at rest: what was sealed, and what was in it. */
export interface StoredSecret {
  readonly name: string;
  readonly createdAt: string;
  updatedAt: string;
  /** Base64; absent for a seeded secret. */
  sealed?: string;
  value: string;
}

export interface StoredVariable {
  name: string;
  value: string;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Branch {
  readonly name: string;
  sha: string;
  protection?: Protection;
}

interface Reviewer {
  readonly type: 'User' | 'Team';
  readonly id: number;
}

export interface BranchPolicy {
  readonly id: number;
  name: string;
  readonly type: 'branch' | 'tag';
}

/** A deployment environment. */
export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  updatedAt: string;
  waitTimer: number;
  preventSelfReview: boolean;
  canAdminsBypass: boolean;
  reviewers: Reviewer[];
  deploymentBranchPolicy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
  branchPolicies: BranchPolicy[];
  keyPair?: KeyPair;
  secrets: StoredSecret[];
  variables: StoredVariable[];
}

/** One rule of a ruleset, in the API's own form. */
export interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

interface BypassActor {
  readonly actor_id: number | null;
  readonly actor_type: string;
  readonly bypass_mode: string;
}

export interface Ruleset {
  readonly id: number;
  name: string;
  target: string;
  enforcement: 'disabled' | 'active' | 'evaluate';
  bypassActors: BypassActor[];
  conditions: { ref_name: { include: string[]; exclude: string[] } };
  rules: Rule[];
  readonly createdAt: string;
  updatedAt: string;
}

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly appId: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  detailsUrl: string;
  output: { title: string | null; summary: string | null; text: string | null };
  /** What a job said by workflow commands; none when absent. */
  annotations?: readonly Annotation[];
}

interface Annotation {
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

export interface Job {
  readonly id: number;
  readonly name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
}

export interface WorkflowRun {
  readonly id: number;
  readonly workflow: string;
  readonly number: number;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly createdAt: string;
  attempt: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  updatedAt: string;
  jobs: Job[];
}

export interface Workflow {
  readonly id: number;
  readonly name: string;
  readonly path: string;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly creator: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: string;
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly creator: string;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: string;
  updatedAt: string;
  statuses: DeploymentStatus[];
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly login: string;
  readonly createdAt: string;
  updatedAt: string;
  body: string;
}

/** What happened to a branch. */
interface Activity {
  readonly id: number;
  /** As `refs/heads/develop`. */
  readonly ref: string;
  readonly type: 'branch_deletion';
  /** Where the branch stood. */
  readonly sha: string;
  readonly login: string;
  readonly timestamp: string;
}

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly createdAt: string;
  private: boolean;
  /** Whether the owner is a user: then it has no restrictions on pushes, no merge queue, no teams. Default: an organization. */
  ownedByUser?: boolean;
  /** Whether the owner pays nothing: GitHub protects no branch of a private repository then. */
  freePlan?: boolean;
  /** Logins of those who may write, besides the tokens' own. */
  writers?: readonly string[];
  archived: boolean;
  defaultBranch: string;
  branches: Branch[];
  /** None when absent. */
  activity?: Activity[];
  keyPair?: KeyPair;
  /** What it reads of its organization, and what Dependabot and Codespaces have: listed, never written here. */
  elsewhere?: {
    readonly organization?: readonly StoredSecret[];
    readonly organizationVariables?: readonly StoredVariable[];
    readonly dependabot?: readonly StoredSecret[];
    readonly codespaces?: readonly StoredSecret[];
  };
  secrets: StoredSecret[];
  variables: StoredVariable[];
  environments: Environment[];
  rulesets: Ruleset[];
  checkRuns: CheckRun[];
  workflows: Workflow[];
  workflowRuns: WorkflowRun[];
  deployments: Deployment[];
  /** Numbers of the issues and pull requests that exist. */
  issues: number[];
  comments: Comment[];
}

/** All that the stand-in remembers. */
export interface GitHubState {
  nextId: number;
  tokens: Token[];
  organization: { readonly id: number; readonly login: string };
  users: User[];
  teams: Team[];
  apps: App[];
  repositories: Repository[];
}

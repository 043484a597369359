/** Classic branch protection as kept at rest. */

/** Logins, team slugs and app slugs. */
export interface Actors {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly apps: readonly string[];
}

export interface RequiredCheck {
  readonly context: string;
  /** `null`: any app, or none, may report it. */
  readonly app_id: number | null;
}

export interface RequiredReviews {
  readonly dismissStale: boolean;
  readonly codeOwners: boolean;
  readonly lastPushApproval: boolean;
  readonly count: number;
  /** `null`: whoever may write may dismiss. */
  readonly dismissal: Actors | null;
  readonly bypass: Actors | null;
}

export interface Protection {
  readonly statusChecks: { readonly strict: boolean; readonly checks: readonly RequiredCheck[] } | null;
  readonly reviews: RequiredReviews | null;
  /** Who may push; `null`: whoever may write. */
  readonly restrictions: Actors | null;
  readonly enforceAdmins: boolean;
  readonly linearHistory: boolean;
  readonly allowForcePushes: boolean;
  readonly allowDeletions: boolean;
  readonly blockCreations: boolean;
  readonly conversationResolution: boolean;
  readonly lockBranch: boolean;
  readonly allowForkSyncing: boolean;
  /** Set by an endpoint of its own; a PUT of the protection leaves it as it is. */
  readonly signatures: boolean;
}

/** A protection that GitHub makes when nothing but its existence is asked for. */
export const plainProtection: Protection = {
  statusChecks: null,
  reviews: null,
  restrictions: null,
  enforceAdmins: false,
  linearHistory: false,
  allowForcePushes: false,
  allowDeletions: false,
  blockCreations: false,
  conversationResolution: false,
  lockBranch: false,
  allowForkSyncing: false,
  signatures: false,
};

import type { Settings } from '../settings/settings.ts';

/** The protection as the stack's file declares it. */
export type Protection = Settings['github']['protection'];

/** A check that must pass. */
export interface Check {
  readonly context: string;
  /** The app that must report it; `undefined` when any app may. */
  readonly appId: number | undefined;
}

/** What reviews a pull request needs; what is left out is off. */
export type Reviews = Readonly<NonNullable<Protection['requiredPullRequestReviews']>>;

/** People by login, teams and apps by slug. */
export interface Actors {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly apps: readonly string[];
}

/**
 * One rule that binds a branch, in the terms that classic protection, rulesets and the stack's file share. GitHub enforces
 * all rules of a branch together.
 */
export interface Rule {
  readonly checks: readonly Check[];
  /** A pull request must be up to date with the branch. */
  readonly strict: boolean;
  /** Administrators cannot bypass it. */
  readonly bindsAdmins: boolean;
  readonly blocksForcePush: boolean;
  readonly blocksDeletion: boolean;
  readonly signatures: boolean;
  readonly conversations: boolean;
  /** `undefined` when no review is required. */
  readonly reviews: Reviews | undefined;
  /** Who alone may dismiss a review; `undefined` for everybody who may write. */
  readonly dismissers: Actors | undefined;
  /** Who may merge without a review. */
  readonly bypassers: Actors | undefined;
  /** Who alone may push; `undefined` for everybody who may write. */
  readonly pushers: Actors | undefined;
  /** Whatever else it sets, by GitHub's own names. This project declares none of these. */
  readonly others: readonly string[];
}

/** A check as the stack's file spells it: `name`, or `name:appId`. */
export function checkText({ context, appId }: Check): string {
  return appId === undefined ? context : `${context}:${appId}`;
}

/** The check that {@link checkText} spells. */
export function checkOf(text: string): Check {
  const [, context = text, appId] = /^(.+):(\d+)$/.exec(text) ?? [];
  return { context, appId: appId === undefined ? undefined : Number(appId) };
}

/** Whether somebody may bypass reviews, or only some may dismiss them. */
export function hasExceptions({ dismissers, bypassers }: Rule): boolean {
  return dismissers !== undefined || (bypassers !== undefined && Object.values(bypassers).flat().length > 0);
}

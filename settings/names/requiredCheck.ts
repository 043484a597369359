/** The one check that proves a staging deploy. Its job must report on pull requests, merge groups and pushes. */
export const requiredCheck = 'deploy-staging';

/** GitHub Actions' app id on github.com: only a check that this app reports counts, so that no other token can forge it. */
export const githubActionsAppId = 15368;

import type { StagingServices } from '../../../deploys/stagingServices.ts';
import { databaseUrl } from '../../../killSwitch/access.ts';
import type { VaultValue } from '../../../leaks/vaultValues.ts';
import { acceptsApiKey } from '../../../services/supabase/apiKeys.ts';
import { takesToken } from '../../../services/takesToken.ts';
import { opensAsBearer } from '../bearer.ts';
import type { Prepared } from '../prepare.ts';

/** Whether a value that was replaced is valid no more, and how that is known. */
interface Left {
  readonly isOver: boolean;
  readonly text: string;
}

/**
 * What is left of a leaked value that a rotation has replaced. A key of Supabase is tried by a request; of a token that a person
 * revokes, its vendor is asked where it can be; of others only who has looked knows it (`checked`).
 */
export async function whatIsLeft(
  staging: StagingServices,
  { secret, mark }: VaultValue,
  { plan, journals }: Prepared,
  checked: boolean,
): Promise<Left> {
  const { value: name, kind } = plan.subject;
  const valid = (text: string): Left => ({ isOver: false, text: `${name} ${text}` });
  const over = (proof: string): Left => ({
    isOver: true,
    text: `${name}: what leaked was revoked before (${proof}). Nothing to do.`,
  });
  if (journals.read(name) !== undefined)
    return valid('is being rotated here: what leaked is valid until that has ended. Go on: --resume');
  if (mark !== undefined)
    return valid(`is being rotated ${mark}: what leaked is valid until that has ended. Go on there: --resume`);
  switch (kind.how) {
    case 'supabase-key': {
      if (await acceptsApiKey(databaseUrl(staging.settings), secret))
        return valid(
          'was replaced, and a request with the one that leaked is still answered. End it: Supabase’s dashboard, Project settings → API keys',
        );
      const bearer = await opensAsBearer(staging, secret);
      return bearer === undefined
        ? over('a request with it is refused')
        : valid(`was replaced, and what leaked ${bearer}`);
    }
    case 'random':
      return over('the rotation that replaced it has ended');
    case 'person': {
      const isTaken = await takesToken(kind.vendor, secret);
      if (isTaken === true)
        return valid(`was replaced, and ${kind.vendor} still takes the one that leaked. Revoke it: ${kind.revoke}`);
      if (isTaken === false) return over(`${kind.vendor} refuses it`);
      return checked
        ? over('by the word of who gave --checked')
        : valid(
            `was replaced. Whether the one that leaked was revoked cannot be seen from here: check it at ${kind.vendor} (${kind.revoke}), then run it again with --checked`,
          );
    }
  }
}

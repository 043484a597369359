/** How a command begins to say what it does: a dry run announces nothing, for it does nothing. */
export function thisWill(dryRun: boolean): 'This will' | 'This would' {
  return dryRun ? 'This would' : 'This will';
}

export function proposeConfig(folder: string, yes: boolean): number {
  return folder === '' || yes ? 0 : 0;
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../machine/userCache.ts';
import type { FoundBrowser } from '../../commands/previewSmoke/browser/browser.ts';
import type { Internet } from '../standIns/internet/internet.ts';

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A browser that reaches the stand-ins by their real names: through the proxy, trusting the sandbox's one key. */
export function writeBrowser(file: string, found: FoundBrowser, internet: Internet): void {
  const lines = [
    '#!/bin/sh',
    ...Object.entries(found.environment ?? {}).map(([name, value]) => `export ${name}=${quote(value)}`),
    `exec ${quote(found.executable)} --no-sandbox --proxy-server=${quote(internet.proxy)} \\`,
    `  --ignore-certificate-errors-spki-list=${quote(internet.certificate.spkiHash)} "$@"`,
    '',
  ];
  writeFileSync(file, lines.join('\n'));
}

/**
 * npm as it is, but for one thing: what `npm ci` once installed from a lockfile is kept, and the same lockfile is
 * answered with a link to it. A runner starts fresh each time; a test of ten runs need not fetch 400 MB twenty times.
 */
export function writeNpm(file: string, environment: Readonly<Record<string, string>>): void {
  const real = execFileSync('sh', ['-c', 'command -v npm'], { env: environment }).toString().trim();
  const trees = join(cacheFolder(), 'trees');
  mkdirSync(trees, { recursive: true });
  const direct = ['HTTPS_PROXY', 'HTTP_PROXY'].map((name) => `${name}=${quote(environment[name] ?? '')}`).join(' ');
  const lines = [
    '#!/bin/bash',
    'set -e',
    'if [ "$1" = install ] && [ "$2" = --prefix ]; then',
    '  prefix=$3; shift 3',
    `  tree=${quote(trees)}/$(echo "$@" | sha256sum | cut -c1-24)`,
    '  if [ ! -d "$tree" ]; then',
    `    ${direct} ${quote(real)} install --prefix "$tree.$$" "$@"`,
    '    mv -T "$tree.$$" "$tree" 2>/dev/null || rm -rf "$tree.$$"',
    '  fi',
    '  mkdir -p "$prefix" && touch "$tree" && ln -sfn "$tree/node_modules" "$prefix/node_modules"',
    '  exit',
    'fi',
    `if [ "$1" != ci ]; then exec ${quote(real)} "$@"; fi`,
    `tree=${quote(trees)}/$(cat package.json package-lock.json | sha256sum | cut -c1-24)`,
    'rm -rf node_modules',
    'if [ ! -d "$tree" ]; then',
    `  ${direct} ${quote(real)} "$@"`,
    `  find ${quote(trees)} -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +`,
    '  mkdir "$tree.$$" && mv node_modules "$tree.$$/"',
    '  mv -T "$tree.$$" "$tree" 2>/dev/null || rm -rf "$tree.$$"',
    'else',
    '  echo "npm ci: this lockfile was installed before, taken from the cache"',
    'fi',
    'touch "$tree" && ln -s "$tree/node_modules" node_modules',
    '',
  ];
  writeFileSync(file, lines.join('\n'));
}

/** npx for Netlify's command line, as `npm` above keeps it; everything else is the real one's. */
export function writeNpx(file: string, environment: Readonly<Record<string, string>>): void {
  const real = execFileSync('sh', ['-c', 'command -v npx'], { env: environment }).toString().trim();
  const lines = [
    '#!/bin/bash',
    'set -e',
    `if [ "$1" != --yes ] || [[ "$2" != netlify-cli@* ]]; then exec ${quote(real)} "$@"; fi`,
    'prefix=$(mktemp -d)',
    'npm install --prefix "$prefix" --no-save --no-audit --no-fund "$2" >&2',
    'shift 2',
    'exec "$prefix/node_modules/.bin/netlify" "$@"',
    '',
  ];
  writeFileSync(file, lines.join('\n'));
}

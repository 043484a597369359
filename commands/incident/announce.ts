import { spawn } from 'node:child_process';
import { handsEndOn } from '../../engine/ending.ts';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import type { Incident } from '../../incidents/record.ts';

/** Notifies the alerts' channel by the project's own alert command. True when it was delivered. */
export function announce(incident: Incident, title: string, text: string, root: string): Promise<boolean> {
  const args = [
    ...['run', '--silent', 'alert:slack', '--', '--strict', '--window', '0'],
    ...['--title', title, '--text', text, '--severity', incident.severity],
    ...['--source', `incident:${incident.id}`, '--runbook', 'docs/INCIDENT_RESPONSE.md'],
  ];
  const child = spawn('npm', args, { cwd: root, env: childEnvironment('alert'), stdio: ['ignore', 2, 2] });
  handsEndOn(child);
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

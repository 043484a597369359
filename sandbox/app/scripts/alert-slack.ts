import { readOptions } from './options.ts';

const options = readOptions(process.argv.slice(2));
const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
const message = {
  text: `${text('title') ?? 'Alert'}: ${text('text') ?? ''} (${text('severity') ?? 'medium'}, ${text('source') ?? 'unknown'})`,
  channel: text('channel') ?? process.env.SLACK_ALERTS_CHANNEL,
};
if (options['dry-run']) console.log(message);
else {
  const answer = await fetch(process.env.SLACK_WEBHOOK_URL ?? '', { method: 'POST', body: JSON.stringify(message) });
  if (!answer.ok) throw new Error(`Slack answers ${answer.status}`);
}

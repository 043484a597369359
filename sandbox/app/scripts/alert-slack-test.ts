if (!process.env.SLACK_WEBHOOK_URL?.startsWith('https://hooks.slack.com/')) {
  throw new Error('SLACK_WEBHOOK_URL is no webhook');
}
console.log('The webhook has the shape of one');

export const handler = () =>
  Promise.resolve({ statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: '{"ok":true}' });

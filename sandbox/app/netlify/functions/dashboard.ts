import { answerDashboard } from '../../src/server/dashboard.ts';

interface Event {
  readonly httpMethod: string;
  readonly rawUrl: string;
  readonly headers: Record<string, string>;
}

export const handler = async (event: Event) => {
  try {
    const answer = await answerDashboard(
      new Request(event.rawUrl, { method: event.httpMethod, headers: event.headers }),
    );
    const headers = Object.fromEntries(answer.headers);
    return { statusCode: answer.status, headers, body: await answer.text(), isBase64Encoded: false };
  } catch {
    return { statusCode: 500, headers: { 'content-type': 'application/json' }, body: '{"error":"It did not work"}' };
  }
};

import { readRuntimeConfig } from '../../src/server/runtimeConfig.ts';

const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

export const handler = () => {
  try {
    return Promise.resolve({ statusCode: 200, headers, body: JSON.stringify(readRuntimeConfig()) });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'not configured';
    return Promise.resolve({ statusCode: 500, headers, body: JSON.stringify({ error: message }) });
  }
};

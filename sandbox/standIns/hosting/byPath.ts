import type { Service } from '../../server/service.ts';

/**
 * Serves what `hosting` serves by host names also at one address, each host below its name:
 * `/develop--site.netlify.app/index.html`. Who comes by a real name is served by that.
 */
export function hostingByPath(hosting: Service): Service {
  return {
    name: 'hosting',
    handle(request) {
      if (request.headers.host?.endsWith('.netlify.app')) return hosting.handle(request);
      const [, host = '', path = '/'] = /^\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
      return hosting.handle({ ...request, path, headers: { ...request.headers, host } });
    },
  };
}

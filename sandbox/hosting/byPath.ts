import type { Service } from '../server/service.ts';

/** Serves what `hosting` serves by host names at one address, each host below its name: `/develop--site.netlify.app/index.html`. */
export function hostingByPath(hosting: Service): Service {
  return {
    name: 'hosting',
    handle(request) {
      const [, host = '', path = '/'] = /^\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
      return hosting.handle({ ...request, path, headers: { ...request.headers, host } });
    },
  };
}

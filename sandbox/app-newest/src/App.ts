import type { PageContext } from './lib/page.ts';
import { landingOf } from './lib/landing.ts';
import { whoIsSignedIn } from './lib/person.ts';

/** Each page is a script of its own, loaded when somebody goes there. */
async function show(path: string, context: PageContext): Promise<void> {
  if (path === '/login') {
    const { Login } = await import('./pages/Login.ts');
    Login(context);
    return;
  }
  const person = await whoIsSignedIn();
  const elsewhere = person === undefined ? '/login' : path === '/' ? landingOf(person) : undefined;
  if (person === undefined || elsewhere !== undefined) {
    context.go(elsewhere ?? '/login');
  } else if (path === '/family') {
    const { FamilyDashboard } = await import('./pages/FamilyDashboard.ts');
    FamilyDashboard(context, person);
  } else if (path === '/schedule') {
    const { Schedule } = await import('./pages/Schedule.ts');
    Schedule(context);
  } else {
    const { Dashboard } = await import('./pages/Dashboard.ts');
    await Dashboard(context, person);
  }
}

export function start(root: HTMLElement): void {
  const context: PageContext = {
    root,
    go(path) {
      history.pushState({}, '', path);
      void show(path, context);
    },
  };
  addEventListener('popstate', () => void show(location.pathname, context));
  void show(location.pathname, context);
}

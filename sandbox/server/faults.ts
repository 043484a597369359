import type { ServiceReply, ServiceRequest } from './service.ts';

/** One rule: which requests of which service go wrong, how, and how often. */
export interface Fault {
  /** The stand-in's name; every service when absent. */
  readonly service?: string;
  readonly method?: string;
  /** A regular expression on the path; every path when absent. */
  readonly path?: string;
  /** Lets this many matching requests through first. Default 0. */
  readonly after?: number;
  /** Stops after this many faults. Default: never. */
  readonly times?: number;
  /** Answers with this status instead of the service's answer. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Body of the faulty answer, sent as it is. */
  readonly body?: string;
  /** Waits this long before the answer. */
  readonly delayMs?: number;
  /** `reset` cuts the connection, `hang` never answers, `half` cuts it half way through the true answer. */
  readonly connection?: 'reset' | 'hang' | 'half';
  /** Lets the service act first, and only then applies the fault: the request took effect, the caller cannot know. */
  readonly afterEffect?: boolean;
}

interface ActiveFault {
  readonly fault: Fault;
  seen: number;
  done: number;
}

/** The fault rules in force, first match wins. */
export class Faults {
  #active: ActiveFault[] = [];

  /** Replaces all rules; counters start again. */
  set(faults: readonly Fault[]): void {
    this.#active = faults.map((fault) => ({ fault, seen: 0, done: 0 }));
  }

  /** Adds a rule behind the others, whose counters go on. */
  add(fault: Fault): void {
    this.#active.push({ fault, seen: 0, done: 0 });
  }

  /** The rules in force, each with how many requests it has matched and how many of those it made fail. */
  list(): { readonly fault: Fault; readonly seen: number; readonly done: number }[] {
    return this.#active.map((active) => ({ ...active }));
  }

  /** The fault that this request meets, if any; counts it. */
  take(service: string, request: ServiceRequest): Fault | undefined {
    for (const active of this.#active) {
      const { fault } = active;
      if (fault.service !== undefined && fault.service !== service) continue;
      if (fault.method !== undefined && fault.method !== request.method) continue;
      if (fault.path !== undefined && !new RegExp(fault.path).test(request.path)) continue;
      active.seen += 1;
      if (active.seen <= (fault.after ?? 0) || active.done >= (fault.times ?? Infinity)) continue;
      active.done += 1;
      return fault;
    }
    return undefined;
  }
}

/** The faulty answer of a rule that has one. */
export function faultReply(fault: Fault): ServiceReply | undefined {
  if (fault.status === undefined && fault.body === undefined) return undefined;
  return { status: fault.status ?? 200, ...(fault.headers && { headers: fault.headers }), body: fault.body ?? '' };
}

import type { Module } from './module.ts';
import type { FunctionNode, Node } from './syntax.ts';

/** Somewhere in the application's code. */
export interface Place {
  readonly module: Module;
  readonly node: Node;
}

/** One call of a function of the application's own, or of one that hands each element of a list to it. */
export interface Call extends Place {
  /** What was given, in order. */
  readonly given: readonly Node[];
  /** What is given is a list, and the function gets each of its elements as its first argument (`map`). */
  readonly each?: boolean;
}

/** A function that was entered by a call. */
interface Frame {
  readonly of: FunctionNode;
  readonly call: Call;
}

/** The calls on the way to a place, the innermost first. What was called before the last one is not known. */
export type Stack = readonly Frame[];

/** No program that people read nests its helpers deeper. */
export const deepest = 6;

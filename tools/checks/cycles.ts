import { roomOf, type CodeFile } from "./code-file.ts";
import { importsOf } from "./imports.ts";

/** Who points at whom. Targets that are no key are ignored. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Imports between files that exist at run time; type-only ones cannot hurt there. */
export function valueImportGraph(files: readonly CodeFile[]): Graph {
  return graphOf(files, (path) => path, false);
}

/** Imports between rooms, types included: a type cycle between rooms is a wrong seam. */
export function roomGraph(files: readonly CodeFile[]): Graph {
  const graph = graphOf(files, roomOf, true);
  for (const [room, targets] of graph) targets.delete(room);
  return graph;
}

/**
 * Groups of nodes that reach each other, each as a list in the order of the graph. A node that
 * points at itself is a group of one. Tarjan's algorithm.
 */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const state: Search = { graph, indexes: new Map(), stack: [], groups: [] };
  for (const node of graph.keys()) {
    if (!state.indexes.has(node)) search(node, state);
  }
  return state.groups.filter(
    ([first, ...others]) =>
      others.length > 0 || (first !== undefined && graph.get(first)?.has(first) === true),
  );
}

interface Search {
  readonly graph: Graph;
  readonly indexes: Map<string, number>;
  readonly stack: string[];
  readonly groups: string[][];
}

function search(node: string, state: Search): number {
  const index = state.indexes.size;
  let low = index;
  state.indexes.set(node, index);
  state.stack.push(node);
  for (const target of state.graph.get(node) ?? []) {
    if (!state.graph.has(target)) continue;
    const known = state.indexes.get(target);
    if (known === undefined) low = Math.min(low, search(target, state));
    else if (state.stack.includes(target)) low = Math.min(low, known);
  }
  if (low === index) {
    const group = state.stack.splice(state.stack.indexOf(node));
    const order = [...state.graph.keys()];
    state.groups.push(group.sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  }
  return low;
}

function graphOf(
  files: readonly CodeFile[],
  nodeOf: (path: string) => string | null,
  withTypes: boolean,
): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const file of files) {
    const from = nodeOf(file.path);
    if (from === null) continue;
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const edge of importsOf(file)) {
      const to = edge.target === null ? null : nodeOf(edge.target);
      if (to === null || (edge.isTypeOnly && !withTypes)) continue;
      targets.add(to);
    }
  }
  return graph;
}

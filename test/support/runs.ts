/** How often a property is tried. `COPYGRAPH_RUNS=20` tries each twenty times as often as usual. */
export const runs = (usual: number): number => usual * Number(process.env['COPYGRAPH_RUNS'] ?? 1);

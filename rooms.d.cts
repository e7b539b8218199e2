export const FLOORS: ReadonlyArray<Readonly<Record<string, string>>>;
export const FACED: readonly string[];
export const USE_N8N: readonly string[];

export const LAYERS: ReadonlyArray<Readonly<Record<string, string>>>;
export const INDEX_ONLY: readonly string[];
export const USE_N8N: readonly string[];

/** An object's own entry: a word somebody typed may be `constructor`, which every object answers to. */
export const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
